import { z } from "zod";
import { UNKNOWN } from "../errors.ts";

/**
 * Sets the messages for missing and unknown fields of all schemas. By default zod reports a missing
 * field like a wrong value ("Invalid option", "expected number, received undefined"), and an unknown
 * one without those that exist. Messages of a schema have precedence.
 */
export function setInputMessages(): void {
  z.config({ customError: describeIssue });
}

function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "unrecognized_keys") {
    const definition = issue.inst?._zod.def as { shape?: object } | undefined;
    return definition?.shape && toUnknownMessage(Object.keys(definition.shape));
  }
  if (issue.input !== undefined) return undefined;
  if (issue.code === "invalid_type") {
    return `is missing: expected ${issue.expected}`;
  }
  if (issue.code !== "invalid_value") return undefined;
  const values = issue.values.map((value) => JSON.stringify(value)).join(", ");
  return `is missing: expected ${
    issue.values.length > 1 ? "one of " : ""
  }${values}`;
}

/** Returns the message for an unknown parameter, with those that exist. */
export function toUnknownMessage(known: readonly string[]): string {
  return known.length === 0
    ? `${UNKNOWN}: none exist here`
    : `${UNKNOWN}: those that exist are ${known.join(", ")}`;
}
