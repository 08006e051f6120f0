import type { Logger, LogRecord } from "@logtape/logtape";

/** A line of the log as a test looks at it. */
export interface TestLogLine {
  level: LogRecord["level"];
  message: string;
  properties: Record<string, unknown>;
}

/** A log that keeps its lines. */
export interface TestLog {
  logger: Logger;
  lines: TestLogLine[];
  /** Everything that was logged, as one text: for what must never be in it. */
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
