import type { Logger, LogRecord } from "@logtape/logtape";

/** A log line in the form that tests check. */
export interface TestLogLine {
  level: LogRecord["level"];
  message: string;
  properties: Record<string, unknown>;
}

/** A log that keeps its lines. */
export interface TestLog {
  logger: Logger;
  lines: TestLogLine[];
  /** Returns everything that was logged as one text, to check what must not be in it. */
  text(): string;
}

export function createTestLog(): TestLog {
  const lines: TestLogLine[] = [];
  return {
    logger: createLogger(lines, {}),
    lines,
    text: () => Deno.inspect(lines, { depth: 20 }),
  };
}

function createLogger(
  lines: TestLogLine[],
  context: Record<string, unknown>,
): Logger {
  const at =
    (level: LogRecord["level"]) =>
    (message: string, properties: Record<string, unknown> = {}): void => {
      lines.push({ level, message, properties: { ...context, ...properties } });
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warning: at("warning"),
    warn: at("warning"),
    error: at("error"),
    with: (more: Record<string, unknown>) =>
      createLogger(lines, { ...context, ...more }),
  } as unknown as Logger;
}
