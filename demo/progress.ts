const BAR_WIDTH = 30;

/** Shows progress: a bar on a terminal, otherwise a line for each change. */
export interface Progress {
  update(done: number): void;
  /** Ends the line of the bar. */
  end(): void;
}

export function createProgress(
  { total, label, output = Deno.stdout }: {
    total: number;
    label: string;
    output?: { writeSync(bytes: Uint8Array): number; isTerminal(): boolean };
  },
): Progress {
  const encoder = new TextEncoder();
  const isTerminal = output.isTerminal();
  let shown: number | undefined;
  return {
    update(done) {
      if (done === shown) return;
      shown = done;
      const line = isTerminal
        ? `\r${toBar(done / total)} ${done} of ${total} ${label}`
        : `${done} of ${total} ${label}\n`;
      output.writeSync(encoder.encode(line));
    },
    end() {
      if (isTerminal && shown !== undefined) {
        output.writeSync(encoder.encode("\n"));
      }
    },
  };
}

function toBar(share: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * BAR_WIDTH);
  return `${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)}`;
}
