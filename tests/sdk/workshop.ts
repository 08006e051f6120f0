import { ROOT } from "../../cli/root.ts";

/** Debian's, or another. */
export const CHROMIUM = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";

/** Whether there is a Chromium on this machine. */
export const hasChromium = await Deno.stat(CHROMIUM).then(
  () => true,
  () => false,
);

/** What a command left behind. */
export interface Ran {
  code: number;
  /** Both streams, one after the other. */
  text: string;
  stdout: string;
}

/** Runs a command to its end, at most three minutes. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd = ROOT, env = {} }: {
    cwd?: string;
    env?: Record<string, string>;
  } = {},
): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    signal: AbortSignal.timeout(180_000),
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    code,
    stdout: decode(stdout),
    text: decode(stdout) + decode(stderr),
  };
}

/** Runs a command that must succeed; what it printed to its output. */
export async function runWell(
  ...[command, args, options]: Parameters<typeof run>
): Promise<string> {
  const { code, text, stdout } = await run(command, args, options);
  if (code !== 0) {
    throw new Error(
      `${command} ${args.join(" ")} ended with ${code}:\n${text}`,
    );
  }
  return stdout;
}

/** Copies a project of npm and installs what it asks for, as a user would. */
export async function installProject(
  source: string,
  target: string,
): Promise<void> {
  await runWell("cp", ["-R", source, target]);
  await runWell(
    "npm",
    [
      "install",
      "--no-fund",
      "--no-audit",
      "--no-package-lock",
      "--loglevel=error",
    ],
    { cwd: target },
  );
}

/** Serves the files of a folder. */
export function serveFolder(
  folder: string,
  port: number,
): Deno.HttpServer<Deno.NetAddr> {
  const types: Record<string, string> = {
    html: "text/html",
    js: "text/javascript",
    css: "text/css",
  };
  return Deno.serve(
    { port, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const name = pathname === "/" ? "/index.html" : pathname;
      const type = types[name.split(".").at(-1)!] ?? "text/plain";
      try {
        const body = await Deno.readFile(`${folder}${name}`);
        return new Response(body, { headers: { "content-type": type } });
      } catch {
        return new Response("", { status: 404 });
      }
    },
  );
}
