import {
  configure,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  getLogger,
  type Logger,
  type LogRecord,
} from "@logtape/logtape";
import type { Config } from "./config.ts";
import type { RequestLine } from "./context.ts";

/** The program's log. */
export interface Log {
  logger: Logger;
  /** Writes the line of a request without a failure. */
  logRequest: (line: RequestLine) => void;
}

/**
 * Creates the program's log: JSON lines, or coloured text for a terminal. Warnings and errors go to
 * stderr, everything else to stdout.
 */
export async function createLog(
  { logLevel, logFormat, processes }: Pick<
    Config,
    "logLevel" | "logFormat" | "processes"
  >,
): Promise<Log> {
  const formatter = logFormat === "json" ? formatJson : formatText;
  const size = processes > 1 ? ATOMIC : CHUNK;
  const stdout = createLineWriter(Deno.stdout, size);
  await configure({
    reset: true,
    sinks: {
      console(record) {
        const line = formatter(record);
        if (record.level === "info" || record.level === "debug") {
          stdout.write(line);
        } else writeAll(Deno.stderr, line);
      },
    },
    loggers: [
      { category: "paceline", sinks: ["console"], lowestLevel: logLevel },
      {
        category: ["logtape", "meta"],
        sinks: ["console"],
        lowestLevel: "warning",
      },
    ],
  });
  const logger = getLogger("paceline");
  return {
    logger,
    logRequest: logFormat === "json" && logger.isEnabledFor("info")
      ? (line) => stdout.write(formatRequest(line))
      : createRequestLogger(logger),
  };
}

/** Returns a function that writes the line of a request through a logger. */
export function createRequestLogger(logger: Logger): Log["logRequest"] {
  return (line) => logger.info("{method} {path} {status}", { ...line });
}

/**
 * Returns the line that the logger would write. Formatting a record takes longer than all the rest of a
 * kept answer.
 */
export function formatRequest(
  { requestId, method, path, status, milliseconds }: RequestLine,
  now: number = Date.now(),
): string {
  if (now !== stampedAt) {
    stampedAt = now;
    stamp = new Date(now).toISOString();
  }
  const json = JSON.stringify(path);
  const text = json.slice(1, -1);
  return `{"@timestamp":"${stamp}","level":"INFO","message":"${method} ${text} ${status}",` +
    `"logger":"paceline","requestId":"${requestId}","method":"${method}","path":${json},` +
    `"status":${status},"milliseconds":${milliseconds}}\n`;
}

let stampedAt = 0;
let stamp = "";

/** Most characters that are written at once, unless a line is longer. */
const CHUNK = 16 * 1024;
/**
 * The same where several processes write to one pipe. The kernel keeps up to 4096 bytes together
 * (PIPE_BUF); lines of longer writes get mixed up when the pipe is full. Nearly all lines are ASCII.
 */
const ATOMIC = 4096;
/** Time that a line may wait for others, in milliseconds. */
const WAIT_MS = 20;

/** Writes lines in few, larger pieces. At the end of the program nothing is left. */
function createLineWriter(
  output: typeof Deno.stdout,
  size: number,
): { write(line: string): void } {
  let waiting = "";
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const text = waiting;
    waiting = "";
    writeAll(output, text);
  }
  globalThis.addEventListener("unload", flush);
  return {
    write(line) {
      if (waiting.length + line.length > size) flush();
      waiting += line;
      timer ??= setTimeout(flush, WAIT_MS);
    },
  };
}

function writeAll(
  output: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  for (let bytes = ENCODER.encode(text); bytes.length > 0;) {
    bytes = bytes.subarray(output.writeSync(bytes));
  }
}

const ENCODER = new TextEncoder();

const formatJsonLine = getJsonLinesFormatter({ properties: "flatten" });

/** Returns a JSON line with the complete message and each of its values by name. */
export function formatJson(record: LogRecord): string {
  const message = record.message.map((part) =>
    typeof part === "string" ? part : Deno.inspect(part)
  );
  return formatJsonLine({ ...record, message: [message.join("")] });
}

const formatLine = getAnsiColorFormatter({
  timestamp: "time",
  category: () => "",
  value: (value) =>
    typeof value === "string" ? escapeControls(value) : Deno.inspect(value),
});

/** Returns a line of text, followed by the cause of a failure. */
function formatText(record: LogRecord): string {
  const { cause } = record.properties;
  const line = formatLine(record);
  return cause === undefined
    ? line
    : `${line}  ${escapeControls(Deno.inspect(cause), "\n")}\n`;
}

/** Escapes control characters: text from outside must not control the terminal. */
function escapeControls(text: string, allowed = ""): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) =>
      allowed.includes(character)
        ? character
        : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
