/**
 * Options for TanStack Query in any framework: for `useQuery`, for `queryClient.ensureQueryData`
 * in a loader, for `queryClient.prefetchQuery` in a server component.
 *
 * @module
 */
import { ATHLETE, type AthleteRef, withAthlete } from "./athlete.ts";
import type { Client } from "./client.ts";
import type { Api } from "./contract.gen.ts";
import type { ApiError } from "./errors.ts";
import { createPathProxy } from "./path_proxy.ts";
import type { CallOptions, TypesOf } from "./procedure.ts";

/** The cache key of responses: `["paceline", "stats", "ytd", input]`. */
export type ApiKey = readonly unknown[];

/**
 * A `retry` option that always returns false, because the client retries itself. It also tells
 * TanStack Query the type of the error.
 */
export type NoRetry = (failures: number, error: ApiError) => boolean;

/** The options of `useQuery` and similar functions. */
export interface QueryOptions<Output> {
  queryKey: ApiKey;
  queryFn: (context: { signal: AbortSignal }) => Promise<Output>;
  retry: NoRetry;
}

/** The options of `useInfiniteQuery` and similar functions. */
export interface InfiniteQueryOptions<Output> {
  queryKey: ApiKey;
  queryFn: (
    context: { signal: AbortSignal; pageParam: string | undefined },
  ) => Promise<Output>;
  initialPageParam: string | undefined;
  getNextPageParam: (page: Output) => string | undefined;
  retry: NoRetry;
}

/** The options of `useMutation`. */
export interface MutationOptions<Input, Output> {
  mutationKey: ApiKey;
  mutationFn: (
    input: undefined extends Input ? Input | void : Input,
  ) => Promise<Output>;
  retry: NoRetry;
}

type InputArguments<Input> = undefined extends Input ? [input?: Input]
  : [input: Input];

/** The key of a router, to invalidate all its queries. */
export interface RouterKeys {
  /** Returns the key prefix of the router, such as `["paceline", "stats"]`. */
  queryKey(): ApiKey;
}

/** The key and the options of a query. */
export interface QueryProcedure<Input, Output> {
  /** Returns the key of one response or, without an input, the key prefix of all responses. */
  queryKey(input?: Input): ApiKey;
  /** Returns the options of one response. */
  queryOptions(...args: InputArguments<Input>): QueryOptions<Output>;
}

/** The key and the options of a query with pages. */
export interface PagedProcedure<Input, Output>
  extends QueryProcedure<Input, Output> {
  /** Returns the options of all pages, one after another. They set the cursor. */
  infiniteQueryOptions(
    ...args: InputArguments<Input>
  ): InfiniteQueryOptions<Output>;
}

/** The options of a mutation. */
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

/** The options of every procedure, such as `options.stats.ytd.queryOptions()`. */
export type ApiOptions =
  & RouterKeys
  & {
    readonly [Router in keyof Api]:
      & RouterKeys
      & {
        readonly [Name in keyof Api[Router]]: ProcedureOptions<
          TypesOf<Api[Router][Name]>
        >;
      };
  };

const retry: NoRetry = () => false;

/** The options of `createOptions`. */
export interface OptionsOptions {
  /**
   * The athlete for calls of `stats`, `activities` and `sync`. Defaults to the client's `athlete`.
   */
  athlete?: AthleteRef | undefined;
}

/**
 * Creates the options of every procedure, called through a client. The athlete is part of the
 * keys, so that one athlete's data is never shown as another's.
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
  { athlete = getAthlete(client) }: OptionsOptions = {},
): ApiOptions {
  return createPathProxy((fullPath, [given]) => {
    const kind = fullPath.at(-1);
    const path = fullPath.slice(0, -1);
    const input = path.length > 1 ? withAthlete(path, given, athlete) : given;
    const query = (input: unknown, options: CallOptions) =>
      findProcedure(client, path).query(input, options);
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
          mutationFn: (input) => findProcedure(client, path).mutate(input),
          retry,
        } satisfies MutationOptions<unknown, unknown>;
      default:
        throw new TypeError(`options.${fullPath.join(".")} cannot be called`);
    }
  }) as ApiOptions;
}

function getAthlete(client: Client): AthleteRef | undefined {
  return (client as { [ATHLETE]?: AthleteRef })[ATHLETE];
}

function toKey(path: readonly string[], input: unknown): ApiKey {
  return ["paceline", ...path, ...(input === undefined ? [] : [input])];
}

interface AnyProcedure {
  query(input: unknown, options?: CallOptions): Promise<never>;
  mutate(input: unknown): Promise<never>;
}

function findProcedure(client: Client, path: readonly string[]): AnyProcedure {
  return path.reduce<unknown>(
    (part, key) => (part as Record<string, unknown>)[key],
    client,
  ) as AnyProcedure;
}
