/** A migration that the database of a backup had, with the SHA-256 of its text. */
export interface AppliedMigration {
  name: string;
  checksum: string;
}

/** The first part of a backup. */
export interface BackupHeader {
  kind: "header";
  /** When the snapshot was read, in ISO 8601. */
  createdAt: string;
  migrations: AppliedMigration[];
}

/** The start of a table. Its rows follow, with the values of these columns. */
export interface BackupTable {
  kind: "table";
  table: string;
  columns: string[];
}

/** Rows of the last table in PostgreSQL's text format of COPY. A part may end within a row. */
export interface BackupRows {
  kind: "rows";
  bytes: Uint8Array;
}

/** The last value of an identity column. */
export interface IdentityValue {
  table: string;
  column: string;
  last: number;
}

/** The last part of a backup. */
export interface BackupEnd {
  kind: "end";
  /** Numbers of rows by table. */
  counts: Record<string, number>;
  identities: IdentityValue[];
}

/** A part of a backup. */
export type BackupPart = BackupHeader | BackupTable | BackupRows | BackupEnd;

/** Thrown when a backup cannot be made or restored. The message is for the user. */
export class BackupError extends Error {
  override name = "BackupError";
}
