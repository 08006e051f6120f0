/** The reasons for which a file is refused, each with the sentence that a person reads. */
export const REFUSALS = {
  empty: "The file is empty",
  too_large: "The file is larger than the limit",
  damaged: "The file is damaged or incomplete",
  unknown_format: "The file is not a FIT, GPX or TCX file",
  entities: "The file declares XML entities, which are not allowed",
  not_well_formed: "The file is not well-formed XML",
  not_an_activity: "The file is not a recorded activity",
  no_track: "The file has no recorded track",
  no_times: "The file has no times",
  no_clock: "The times in the file are before 2000 or in the future",
  bad_coordinates: "The coordinates in the file are out of range",
  too_short: "The file has fewer than two records",
} as const;

/** Stable code of a refusal. Clients may depend on it. */
export type RefusalReason = keyof typeof REFUSALS;

/** Refusal of a file that no activity can be read from. The message is for the athlete. */
export class FileRefused extends Error {
  override readonly name = "FileRefused";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, detail?: string, options?: ErrorOptions) {
    super(
      detail === undefined
        ? REFUSALS[reason]
        : `${REFUSALS[reason]}: ${detail}`,
      options,
    );
    this.reason = reason;
  }
}
