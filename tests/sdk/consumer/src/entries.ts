// The entries next to the main one, each with the package that it needs.
import { createClient, isApiError } from "@paceline/sdk";
import { createOptions } from "@paceline/sdk/query";
import { useApi, useClient } from "@paceline/sdk/react";
import { Activity, ActivitiesInput } from "@paceline/sdk/schemas";
import type { AppRouter } from "@paceline/sdk/trpc";
import {
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import type { z } from "zod";

type IsAny<T> = 0 extends 1 & T ? true : false;

export function useAll(): void {
  const api = useApi();
  const ytd = useQuery(api.stats.ytd.queryOptions());
  const notAny: IsAny<typeof ytd.data> = false;
  const metres: number | undefined = ytd.data?.data.run.distance;
  const reason = ytd.error?.reason === "not_connected";
  // @ts-expect-error no such reason
  const wrongReason = ytd.error?.reason === "out_of_coffee";
  const totals = useSuspenseQuery({
    ...api.stats.totals.queryOptions({ by: "type" }),
    staleTime: 60_000,
  });
  const count: number | undefined = totals.data.data["Run"]?.count;
  const list = useInfiniteQuery(
    api.activities.list.infiniteQueryOptions({ limit: 10 }),
  );
  const name: string | undefined = list.data?.pages[0]?.data[0]?.name;
  const refresh = useMutation(api.admin.refresh.mutationOptions());
  refresh.mutate();
  const disconnect = useMutation({
    ...api.admin.disconnect.mutationOptions(),
    onError: (error) => console.log(error.requestId),
  });
  disconnect.mutate({ data: "keep" });
  // @ts-expect-error a value that the field does not take
  disconnect.mutate({ data: "burn" });
  // @ts-expect-error only lists have pages
  api.stats.ytd.infiniteQueryOptions();
  // @ts-expect-error no such procedure
  api.stats.decade.queryOptions();
  console.log(notAny, metres, reason, wrongReason, count, name, useClient());
}

export async function load(queryClient: QueryClient): Promise<Date> {
  const options = createOptions(createClient({ url: "http://localhost" }));
  await queryClient.invalidateQueries({ queryKey: options.stats.queryKey() });
  const ytd = await queryClient.ensureQueryData(options.stats.ytd.queryOptions());
  return ytd.fetched_at;
}

const trpc = createTRPCClient<AppRouter>({
  links: [
    // @ts-expect-error superjson is needed as the transformer
    httpBatchLink({ url: "http://localhost/trpc" }),
  ],
});

export async function own(): Promise<number> {
  const { data } = await trpc.stats.ytd.query();
  // @ts-expect-error no such procedure
  await trpc.stats.decade.query();
  return data.run.distance;
}

export function parse(value: unknown): z.infer<typeof Activity> {
  const input: z.input<typeof ActivitiesInput> = { limit: 3 };
  console.log(input);
  return Activity.parse(value);
}

export const caught = isApiError(new Error("no"));
