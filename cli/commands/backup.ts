import type { Command } from "@stricli/core";
import { type Context, defineCommand } from "../command.ts";
import { fileArgument, optionalText, toggle } from "../options.ts";

/** Options of `backup` and `restore`. */
interface SecretsFlags {
  /** Includes the generated secrets of .data/secrets.json, sealed under a passphrase. */
  withSecrets?: boolean;
  /** A file whose first line is the passphrase. */
  passphraseFile?: string | undefined;
}

interface BackupFlags extends SecretsFlags {
  /** Replaces an existing file. */
  force?: boolean;
  /** Writes to stdout what follows the first lines, because the launcher writes the file. */
  toStdout?: boolean;
}

interface RestoreFlags extends SecretsFlags {
  /** Reads stdin although `file` names a file, because the launcher reads that file. */
  fromStdin?: boolean;
}

const PASSPHRASE =
  `The passphrase comes from --passphrase-file, from BACKUP_PASSPHRASE, or is asked for.`;

const PASSPHRASE_FILE = optionalText(
  "File whose first line is the passphrase",
  "file",
);

/** The command `backup`. */
export const backup: Command<Context> = defineCommand<BackupFlags, [string]>({
  brief: "Back up the whole database to one file",
  description:
    `Backs up the whole database to one compressed file with a checksum.

The server may run: the backup is one snapshot. The file gets its name when it is complete, and only
its owner may read it. "-" writes to stdout. ${PASSPHRASE}
docs/backup.md says what a backup does not contain.`,
  parameters: {
    positional: fileArgument('File to write; "-" for stdout'),
    flags: {
      force: toggle("Replace an existing file"),
      withSecrets: toggle(
        "Include .data/secrets.json, encrypted under a passphrase",
      ),
      passphraseFile: PASSPHRASE_FILE,
      toStdout: { ...toggle("The launcher writes the file"), hidden: true },
    },
  },
  findProblem: (flags, { isTerminal }, file) => {
    if (file === "-" && flags.withSecrets) return "--with-secrets needs a file";
    if (file === "-" && flags.force) return "--force needs a file";
    if (file === "-" && isTerminal) {
      return "A backup is not text: name a file, or redirect the output";
    }
    return findPassphraseProblem(flags);
  },
  needs: ({ force, withSecrets, passphraseFile }, file) => ({
    owner: true,
    file: file === "-" ? undefined : {
      path: file,
      force: force === true,
      backup: { withSecrets: withSecrets === true, passphraseFile },
    },
  }),
  async run({ config, terminal }, { toStdout = false }, file) {
    if (file !== "-" && !toStdout) {
      terminal.say(
        'This process may not write files: use "-" and redirect its output',
      );
      return 2;
    }
    const { backupFromShell } = await import("../actions/backup.ts");
    return await backupFromShell(config, { ...terminal, bodyOnly: toStdout });
  },
});

/** The command `restore`. */
export const restore: Command<Context> = defineCommand<RestoreFlags, [string]>({
  brief: "Restore a backup into an empty database",
  description: `Restores a backup into an empty database.

All or nothing: the database stays empty unless everything is restored and the numbers of rows agree.
Stop the server first. "-" reads stdin. ${PASSPHRASE}`,
  parameters: {
    positional: fileArgument('File to read; "-" for stdin'),
    flags: {
      withSecrets: toggle("Restore .data/secrets.json too"),
      passphraseFile: PASSPHRASE_FILE,
      fromStdin: { ...toggle("The launcher reads the file"), hidden: true },
    },
  },
  findProblem: (flags, _context, file) =>
    file === "-" && flags.withSecrets
      ? "--with-secrets needs a file"
      : findPassphraseProblem(flags),
  needs: ({ withSecrets, passphraseFile }, file) =>
    file === "-" ? { owner: true, input: true } : {
      owner: true,
      source: { path: file, withSecrets: withSecrets === true, passphraseFile },
    },
  async run({ config, terminal }, { fromStdin = false }, file) {
    if (file !== "-" && !fromStdin) {
      terminal.say(
        'This process may not read files: use "-" and redirect its input',
      );
      return 2;
    }
    const { restoreFromShell } = await import("../actions/restore.ts");
    return await restoreFromShell(config, terminal);
  },
});

function findPassphraseProblem(
  { withSecrets, passphraseFile }: SecretsFlags,
): string | undefined {
  return passphraseFile !== undefined && !withSecrets
    ? "--passphrase-file needs --with-secrets"
    : undefined;
}
