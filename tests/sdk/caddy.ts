import { createHash, X509Certificate } from "node:crypto";

/** The path of Debian's Caddy, or of another one. */
export const CADDY = Deno.env.get("CADDY") ?? "/usr/bin/caddy";

/** Reports whether this machine has Caddy. */
export const hasCaddy = await Deno.stat(CADDY).then(() => true, () => false);

/** A Caddy that serves https on ports of localhost, with certificates of a temporary authority. */
export interface Caddy extends AsyncDisposable {
  /** The SHA-256 of the authority's public key, with which a browser can be told to trust it. */
  trusted: string;
  /** The file of the authority's certificate, for Node. */
  authority: string;
}

/** Starts Caddy. Each site is served on a port and given as the lines of its block. */
export async function startCaddy(
  { sites, folder, options = "" }: {
    sites: Readonly<Record<number, string>>;
    folder: string;
    /** Further lines of the global options. */
    options?: string;
  },
): Promise<Caddy> {
  const blocks = Object.entries(sites).map(([port, lines]) =>
    `https://localhost:${port} {\n\ttls internal\n\t${lines}\n}`
  );
  const config = `{
	admin off
	auto_https disable_redirects
	skip_install_trust
	storage file_system ${folder}/caddy
${options}
}
${blocks.join("\n")}
`;
  await Deno.writeTextFile(`${folder}/Caddyfile`, config);
  const process = new Deno.Command(CADDY, {
    args: ["run", "--config", `${folder}/Caddyfile`, "--adapter", "caddyfile"],
    env: { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  await untilStarted(process.stderr);
  const authority = `${folder}/caddy/pki/authorities/local`;
  for (const port of Object.keys(sites)) {
    await untilCertified(Number(port), `${authority}/root.crt`);
  }
  return {
    trusted: await readKey(`${authority}/intermediate.crt`),
    authority: `${authority}/root.crt`,
    async [Symbol.asyncDispose]() {
      process.kill("SIGTERM");
      await process.status;
    },
  };
}

/** Reads the log until Caddy listens, then discards the rest. */
async function untilStarted(log: ReadableStream<Uint8Array>): Promise<void> {
  const reader = log.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes('"serving initial configuration"')) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Caddy has ended:\n${text}`);
    text += value;
  }
  (async () => {
    while (!(await reader.read()).done);
  })();
}

/** Waits for the certificate of a site: Caddy listens before it has issued it. */
async function untilCertified(port: number, authority: string): Promise<void> {
  const caCerts = [await Deno.readTextFile(authority)];
  for (const end = Date.now() + 30_000;;) {
    using connection = await Deno.connectTls({
      hostname: "localhost",
      port,
      caCerts,
    });
    try {
      await connection.handshake();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function readKey(file: string): Promise<string> {
  const { publicKey } = new X509Certificate(await Deno.readTextFile(file));
  const der = publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("base64");
}
