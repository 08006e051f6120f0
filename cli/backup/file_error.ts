/** Thrown when a file is not a backup that can be read. The message is for the user. */
export class BackupFileError extends Error {
  override name = "BackupFileError";
}
