import { ROOT } from "../../cli/root.ts";

/** The path of Debian's Chromium, or of another one. */
export const CHROMIUM = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";

/** Reports whether this machine has Chromium. */
export const hasChromium = await Deno.stat(CHROMIUM).then(
  () => true,
  () => false,
);

/** The result of a command. */
export interface Ran {
  code: number;
  /** The text of both streams, one after the other. */
  text: string;
  stdout: string;
}

/** Runs a command to its end, for at most three minutes or another time. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd = ROOT, env = {}, milliseconds = 180_000 }: {
    cwd?: string;
    env?: Record<string, string>;
    milliseconds?: number;
  } = {},
): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    signal: AbortSignal.timeout(milliseconds),
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    code,
    stdout: decode(stdout),
    text: decode(stdout) + decode(stderr),
  };
}

/** Runs a command that must succeed. Returns its output. */
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

/** Copies an npm project and installs its dependencies, as a user would. */
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
