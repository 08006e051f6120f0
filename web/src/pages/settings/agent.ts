/** Browsers by a word of their user agent. The first match counts: Chrome's also contains Safari. */
const BROWSERS = [
  ["Edg", "Edge"],
  ["OPR", "Opera"],
  ["Firefox", "Firefox"],
  ["Chrome", "Chrome"],
  ["Safari", "Safari"],
] as const;
const SYSTEMS = [
  ["Android", "Android"],
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Windows", "Windows"],
  ["Mac OS", "macOS"],
  ["Linux", "Linux"],
] as const;

/** Returns a user agent in words, such as `Firefox, Linux`. Returns undefined if there is none. */
export function describeAgent(agent: string | null): string | undefined {
  if (!agent) return undefined;
  const find = (
    names: readonly (readonly [string, string])[],
  ): string | undefined => names.find(([word]) => agent.includes(word))?.[1];
  const browser = find(BROWSERS);
  if (!browser) return agent.slice(0, 60);
  return [browser, find(SYSTEMS)].filter(Boolean).join(", ");
}
