import { AppError } from "../errors.ts";

/** Estimated size of the outputs of a batch, in bytes. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Returns a function that counts the outputs of a batch. It throws `batch_too_large` for the first
 * output that exceeds `MAX_BATCH_BYTES` and for those after it. Calls before it keep their outputs.
 */
export function createOutputBudget(): (output: unknown) => void {
  let bytes = 0;
  return (output) => {
    bytes += estimateBytes(output);
    if (bytes > MAX_BATCH_BYTES) throw new AppError("batch_too_large");
  };
}

/** Estimates the length of a value as JSON. It takes a fraction of the time of writing it. */
export function estimateBytes(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 8;
  if (value instanceof Date) return 26;
  let bytes = 2;
  if (Array.isArray(value)) {
    for (const each of value) bytes += 1 + estimateBytes(each);
    return bytes;
  }
  for (const key in value) {
    bytes += key.length + 4 +
      estimateBytes((value as Record<string, unknown>)[key]);
  }
  return bytes;
}
