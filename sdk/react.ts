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

/** What `ApiProvider` takes. */
export interface ApiProviderProps {
  /** The client, from `createClient`; made once, outside of the component. */
  client: Client;
  /** Where answers are kept. Default: one of its own. */
  queryClient?: QueryClient | undefined;
  /** Whom `stats`, `activities` and `sync` are about; the client's `athlete` by default. */
  athlete?: AthleteRef | undefined;
  children?: ReactNode;
}

interface Provided {
  client: Client;
  options: ApiOptions;
}

const ApiContext = createContext<Provided | undefined>(undefined);

/** Gives the client, and TanStack Query's cache, to all components below. */
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

/** The options of every procedure: `useQuery(useApi().stats.ytd.queryOptions())`. */
export function useApi(): ApiOptions {
  return useProvided("useApi").options;
}

/** The client, for calls outside of the cache. */
export function useClient(): Client {
  return useProvided("useClient").client;
}

function useProvided(hook: string): Provided {
  const provided = useContext(ApiContext);
  if (!provided) throw new Error(`Call ${hook} below an ApiProvider`);
  return provided;
}
