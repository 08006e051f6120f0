const BEGIN = "Paceline listens on port ";

/** Returns the line with which a server process reports its port to the launcher, on stderr. */
export function toListeningLine(port: number): string {
  return BEGIN + port;
}

/** Returns the port of such a line; `undefined` for any other line. */
export function parseListeningLine(line: string): number | undefined {
  const port = line.startsWith(BEGIN) ? line.slice(BEGIN.length) : "";
  return /^\d+$/.test(port) ? Number(port) : undefined;
}
