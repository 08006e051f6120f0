/**
 * Options for TanStack Query, whichever framework it runs in: for `useQuery`, for
 * `queryClient.ensureQueryData` in a loader, for `queryClient.prefetchQuery` in a server component.
 *
 * @module
 */
import { ATHLETE, type AthleteRef, withAthlete } from "./athlete.ts";
import type { Client } from "./client.ts";
import type { ApiError } from "./errors.ts";
import { createPathProxy } from "./path_proxy.ts";
import type { CallOptions, TypesOf } from "./procedure.ts";

/** The key of answers in the cache: `["paceline", "stats", "ytd", input]`. */
export type ApiKey = readonly unknown[];

/** Never: the client has tried again already. It tells TanStack Query the type of the error. */
export type NoRetry = (failures: number, error: ApiError) => boolean;

/** What `useQuery` and its kin take. */
export interface QueryOptions<Output> {
  queryKey: ApiKey;
  queryFn: (context: { signal: AbortSignal }) => Promise<Output>;
  retry: NoRetry;
}

/** What `useInfiniteQuery` and its kin take. */
export interface InfiniteQueryOptions<Output> {
  queryKey: ApiKey;
  queryFn: (
    context: { signal: AbortSignal; pageParam: string | undefined },
  ) => Promise<Output>;
  initialPageParam: string | undefined;
  getNextPageParam: (page: Output) => string | undefined;
  retry: NoRetry;
}

/** What `useMutation` takes. */
export interface MutationOptions<Input, Output> {
  mutationKey: ApiKey;
  mutationFn: (
    input: undefined extends Input ? Input | void : Input,
  ) => Promise<Output>;
  retry: NoRetry;
}

type InputArguments<Input> = undefined extends Input ? [input?: Input]
  : [input: Input];

/** What a router has, to invalidate all below it. */
export interface RouterKeys {
  /** The key of everything below, such as `["paceline", "stats"]`. */
  queryKey(): ApiKey;
}

/** What a query has. */
export interface QueryProcedure<Input, Output> {
  /** The key of one answer, or without an input that of all. */
  queryKey(input?: Input): ApiKey;
  /** The options of one answer. */
  queryOptions(...args: InputArguments<Input>): QueryOptions<Output>;
}

/** What a query has that answers page by page. */
export interface PagedProcedure<Input, Output>
  extends QueryProcedure<Input, Output> {
  /** The options of all pages, one after another; the cursor is taken care of. */
  infiniteQueryOptions(
    ...args: InputArguments<Input>
  ): InfiniteQueryOptions<Output>;
}

/** What a mutation has. */
export interface MutationProcedure<Input, Output> {
  mutationOptions(): MutationOptions<Input, Output>;
}

type ProcedureOptions<Types> = Types extends
  { kind: "query"; input: infer Input; output: infer Output }
  ? Output extends { next_cursor: string | null }
    ? PagedProcedure<Input, Output>
  : QueryProcedure<Input, Output>
  : Types extends { kind: "mutation"; input: infer Input; output: infer Output }
    ? MutationProcedure<Input, Output>
  : never;

/** The options of every procedure, as `options.stats.ytd.queryOptions()`. */
export type ApiOptions =
  & RouterKeys
  & {
    readonly [Router in keyof Client]:
      & RouterKeys
      & {
        readonly [Name in keyof Client[Router]]: ProcedureOptions<
          TypesOf<Client[Router][Name]>
        >;
      };
  };

const retry: NoRetry = () => false;

/** How options are made. */
export interface OptionsOptions {
  /** Whom `stats`, `activities` and `sync` are about; the client's `athlete` by default. */
  athlete?: AthleteRef | undefined;
}

/**
 * The options of every procedure, called through a client. The athlete that calls are about is part
 * of their keys: what is known of one is never shown as another's.
 *
 * @example
 * ```ts
 * import { createClient } from "@paceline/sdk";
 * import { createOptions } from "@paceline/sdk/query";
 *
 * const api = createClient({ url: "http://localhost:5001" });
 * const options = createOptions(api);
 * const { queryKey, queryFn } = options.stats.ytd.queryOptions();
 * ```
 */
export function createOptions(
  client: Client,
  { athlete = athleteOf(client) }: OptionsOptions = {},
): ApiOptions {
  return createPathProxy((fullPath, [given]) => {
    const kind = fullPath.at(-1);
    const path = fullPath.slice(0, -1);
    const input = path.length > 1 ? withAthlete(path, given, athlete) : given;
    const query = (input: unknown, options: CallOptions) =>
      find(client, path).query(input, options);
    switch (kind) {
      case "queryKey":
        return toKey(path, input);
      case "queryOptions":
        return {
          queryKey: toKey(path, input),
          queryFn: ({ signal }) => query(input, { signal }),
          retry,
        } satisfies QueryOptions<unknown>;
      case "infiniteQueryOptions":
        return {
          queryKey: [...toKey(path, input), "pages"],
          queryFn: ({ signal, pageParam: cursor }) =>
            query({ ...input as object, cursor }, { signal }),
          initialPageParam: undefined,
          getNextPageParam: (page) => page.next_cursor ?? undefined,
          retry,
        } satisfies InfiniteQueryOptions<{ next_cursor: string | null }>;
      case "mutationOptions":
        return {
          mutationKey: toKey(path, undefined),
          mutationFn: (input) => find(client, path).mutate(input),
          retry,
        } satisfies MutationOptions<unknown, unknown>;
      default:
        throw new TypeError(`options.${fullPath.join(".")} cannot be called`);
    }
  }) as ApiOptions;
}

function athleteOf(client: Client): AthleteRef | undefined {
  return (client as { [ATHLETE]?: AthleteRef })[ATHLETE];
}

function toKey(path: readonly string[], input: unknown): ApiKey {
  return ["paceline", ...path, ...(input === undefined ? [] : [input])];
}

interface AnyProcedure {
  query(input: unknown, options?: CallOptions): Promise<never>;
  mutate(input: unknown): Promise<never>;
}

function find(client: Client, path: readonly string[]): AnyProcedure {
  return path.reduce<unknown>(
    (part, key) => (part as Record<string, unknown>)[key],
    client,
  ) as AnyProcedure;
}
