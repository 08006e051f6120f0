"use client";
/**
 * A provider and hooks for React, on TanStack Query.
 *
 * @module
 */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
// @ts-types="@types/react"
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useMemo,
  useState,
} from "react";
import type { AthleteRef } from "./athlete.ts";
import type { Client } from "./client.ts";
import { type ApiOptions, createOptions } from "./query.ts";

/** The properties of `ApiProvider`. */
export interface ApiProviderProps {
  /** The client from `createClient`. Create it once, outside of the component. */
  client: Client;
  /** The cache of responses. Defaults to a new one. */
  queryClient?: QueryClient | undefined;
  /**
   * The athlete for calls of `stats`, `activities` and `sync`. Defaults to the client's `athlete`.
   */
  athlete?: AthleteRef | undefined;
  children?: ReactNode;
}

interface Provided {
  client: Client;
  options: ApiOptions;
}

const ApiContext = createContext<Provided | undefined>(undefined);

/** Provides the client and TanStack Query's cache to all components below. */
export function ApiProvider(
  { client, queryClient, athlete, children }: ApiProviderProps,
): ReactElement {
  const [ownQueryClient] = useState(() => queryClient ?? new QueryClient());
  const provided = useMemo(
    () => ({ client, options: createOptions(client, { athlete }) }),
    [client, athlete],
  );
  return createElement(
    QueryClientProvider,
    { client: queryClient ?? ownQueryClient },
    createElement(ApiContext.Provider, { value: provided }, children),
  );
}

/** Returns the options of every procedure: `useQuery(useApi().stats.ytd.queryOptions())`. */
export function useApi(): ApiOptions {
  return useProvided("useApi").options;
}

/** Returns the client, for calls outside of the cache. */
export function useClient(): Client {
  return useProvided("useClient").client;
}

function useProvided(hook: string): Provided {
  const provided = useContext(ApiContext);
  if (!provided) throw new Error(`Call ${hook} below an ApiProvider`);
  return provided;
}
