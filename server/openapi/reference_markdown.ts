/** Renders a Markdown table. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) =>
    `| ${
      cells.map((cell) => oneLine(cell).replaceAll("|", "\\|")).join(" | ")
    } |`
  );
  return lines.join("\n");
}

/** Returns a text without line breaks. */
export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}

/** Returns the anchor that GitHub gives a heading. */
export function toSlug(title: string): string {
  return title.toLowerCase().replaceAll(/[^\w -]/g, "").replaceAll(" ", "-");
}

const MAX_WIDTH = 110;

/**
 * Renders JSON compactly: an object or list takes one line if it fits, and the plain fields of a
 * larger one share lines.
 */
export function renderJson(value: unknown, indent = ""): string {
  const line = toLine(value);
  if (!isNested(value) || indent.length + line.length <= MAX_WIDTH) return line;
  const inner = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((item) => renderJson(item, inner))
    : Object.entries(value).map(([key, field]) =>
      `${JSON.stringify(key)}: ${renderJson(field, inner)}`
    );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${fillLines(entries, inner)}\n${indent}${close}`;
}

/** Joins entries with commas. Entries of one line without brackets share lines. */
function fillLines(entries: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const last = lines.at(-1);
    const isJoinable = (text: string) => !/[[{\n]/.test(text);
    if (
      last !== undefined && isJoinable(entry) && isJoinable(last) &&
      last.length + entry.length + 2 <= MAX_WIDTH
    ) {
      lines[lines.length - 1] = `${last}, ${entry}`;
    } else {
      if (index > 0) lines[lines.length - 1] += ",";
      lines.push(`${indent}${entry}`);
    }
  }
  return lines.join("\n");
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function toLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toLine).join(", ")}]`;
  if (!isNested(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, field]) =>
    `${JSON.stringify(key)}: ${toLine(field)}`
  );
  return fields.length > 0 ? `{ ${fields.join(", ")} }` : "{}";
}
