import {
  configure,
  getAnsiColorFormatter,
  getConsoleSink,
  getJsonLinesFormatter,
  getLogger,
  type Logger,
  type LogRecord,
} from "@logtape/logtape";
import type { Config } from "./config.ts";

/** Creates the program's log on the console: JSON lines, or coloured text for a terminal. */
export async function createLog(
  { logLevel, logFormat }: Pick<Config, "logLevel" | "logFormat">,
): Promise<Logger> {
  const formatter = logFormat === "json" ? formatJson : formatText;
  await configure({
    reset: true,
    sinks: { console: getConsoleSink({ formatter }) },
    loggers: [
      { category: "paceline", sinks: ["console"], lowestLevel: logLevel },
      {
        category: ["logtape", "meta"],
        sinks: ["console"],
        lowestLevel: "warning",
      },
    ],
  });
  return getLogger("paceline");
}

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
