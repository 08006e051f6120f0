import { reasonOf } from "@paceline/sdk";
import type { Texts } from "../../../texts/en.ts";

/** Returns why an edit failed, in the visitor's language where there is a text. */
export function toEditFailure(error: Error, texts: Texts["edits"]): string {
  const reasons: Readonly<Record<string, string>> = texts.reasons;
  const reason = reasonOf(error) ?? "";
  return Object.hasOwn(reasons, reason) ? reasons[reason]! : error.message;
}
