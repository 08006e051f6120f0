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

/** Sets up the program's log on the console: JSON lines for machines, or coloured text. */
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

/** A line of JSON: the message as a person would search for it, and each of its values by name. */
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

/** A line, and below it why something failed. */
function formatText(record: LogRecord): string {
  const { cause } = record.properties;
  const line = formatLine(record);
  return cause === undefined
    ? line
    : `${line}  ${escapeControls(Deno.inspect(cause), "\n")}\n`;
}

/** Text from outside must not command the terminal. */
function escapeControls(text: string, allowed = ""): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) =>
      allowed.includes(character)
        ? character
        : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
