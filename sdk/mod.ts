/**
 * The typed client of a Paceline server.
 *
 * @module
 */
import type { Api } from "./contract.gen.ts";
import type { InputsOf, OutputsOf } from "./procedure.ts";

export type { AthleteRef } from "./athlete.ts";
export { type Client, createClient } from "./client.ts";
export type * from "./contract.gen.ts";
export {
  ApiError,
  type ApiErrorInit,
  type ClientReason,
  type ErrorReason,
  isApiError,
  type Issue,
  reasonOf,
} from "./errors.ts";
export type { ClientOptions, FailedAttempt } from "./options.ts";
export type {
  Arguments,
  CallOptions,
  InputsOf,
  Mutation,
  OutputsOf,
  Query,
  StreamEvent,
  Subscription,
} from "./procedure.ts";
export type { SessionOptions, SignedOut } from "./session.ts";
export {
  type MonthTotal,
  sortedMonths,
  type SortedOptions,
  sortedYears,
  type YearTotals,
} from "./sorted.ts";
export type { Fetch } from "./transport.ts";
export type {
  UploadBody,
  UploadOptions,
  UploadProgress,
  Uploads,
} from "./upload.ts";
export {
  type DistanceUnit,
  type ElevationUnit,
  formatDistance,
  formatDuration,
  formatElevation,
  type FormatOptions,
  formatPace,
  formatSpeed,
  formatSport,
} from "./units.ts";

/** The input of each procedure: `RouterInputs["activities"]["list"]`. */
export type RouterInputs = InputsOf<Api>;

/** The output of each procedure: `RouterOutputs["stats"]["ytd"]`. */
export type RouterOutputs = OutputsOf<Api>;
