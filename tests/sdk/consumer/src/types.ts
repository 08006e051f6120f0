// Code that must compile, and code that must not. A line that compiles unexpectedly is an error too,
// so that an API that became `any` is noticed.
import {
  type Activity,
  type ApiError,
  createClient,
  isApiError,
  reasonOf,
  type RouterInputs,
  type RouterOutputs,
} from "@paceline/sdk";

type IsAny<T> = 0 extends 1 & T ? true : false;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;

const api = createClient({ url: "http://localhost" });

export async function right(): Promise<void> {
  const ytd = await api.stats.ytd.query();
  const notAny: IsAny<typeof ytd> = false;
  const fetchedAt: Date = ytd.fetched_at;
  const metres: number = ytd.data.run.distance;
  const page = await api.activities.list.query({ limit: 5, year: 2025 });
  const first: Activity | undefined = page.data[0];
  const start: Date | undefined = first?.start_date;
  await api.stats.totals.query({ by: "sport_type" });
  await api.stats.ytd.query(undefined, {
    signal: AbortSignal.timeout(1000),
    timeout: 500,
  });
  await api.stats.ytd.query({ athlete: 7654321 });
  await api.keys.create.mutate({ name: "night", scopes: ["stats:read"] });
  createClient({ url: "", athlete: "ps_x", session: true });
  const { run } = await api.admin.refresh.mutate();
  const status: "running" | "success" | "failed" | "interrupted" = run.status;
  console.log(notAny, fetchedAt, metres, start, status);
}

export const input: RouterInputs["activities"]["list"] = { limit: 1 };
export const output: Same<
  RouterOutputs["stats"]["ytd"],
  Awaited<ReturnType<typeof api.stats.ytd.query>>
> = true;

export function failed(error: unknown): ApiError | undefined {
  if (reasonOf(error) === "not_connected") return undefined;
  if (!isApiError(error)) throw error;
  if (error.reason === "strava_rate_limited") console.log(error.retryAfter);
  const path: string | undefined = error.issues[0]?.path;
  console.log(path, error.status, error.requestId);
  return error;
}

export async function wrong(error: ApiError): Promise<void> {
  // @ts-expect-error no such router
  await api.weather.today.query();
  // @ts-expect-error no such procedure
  await api.stats.decade.query();
  // @ts-expect-error a query is not mutated
  await api.stats.ytd.mutate();
  // @ts-expect-error a mutation is not queried
  await api.admin.refresh.query();
  // @ts-expect-error no such field in the input
  await api.activities.list.query({ lmit: 5 });
  // @ts-expect-error a field of the wrong type
  await api.activities.list.query({ limit: "5" });
  // @ts-expect-error a value that the field does not take
  await api.stats.totals.query({ by: "colour" });
  // @ts-expect-error an input where none is taken
  await api.stats.ytd.query({ year: 2025 });
  const ytd = await api.stats.ytd.query();
  // @ts-expect-error no such field in the output
  console.log(ytd.data.swimming);
  // @ts-expect-error a date is not a string
  const text: string = ytd.fetched_at;
  // @ts-expect-error no such reason
  if (error.reason === "out_of_coffee") console.log(text);
  // @ts-expect-error no such scope
  await api.keys.create.mutate({ name: "night", scopes: ["stats:write"] });
  // @ts-expect-error an athlete is an id or a token
  await api.stats.ytd.query({ athlete: true });
  // @ts-expect-error no such reason of a sign-out
  createClient({ url: "", session: { onSignedOut: (why: "tired") => why } });
  // @ts-expect-error no such option
  createClient({ url: "http://localhost", key: "x" });
  // @ts-expect-error the address is needed
  createClient({});
}
