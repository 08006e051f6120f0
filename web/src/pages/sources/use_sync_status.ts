import type { SyncStatus } from "@paceline/sdk";
import { useApi, useClient } from "@paceline/sdk/react";
import {
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useEffect } from "react";

/** Returns the state of an athlete's sync, which the server's stream keeps current. */
export function useSyncStatus(
  athleteId: number,
): UseQueryResult<SyncStatus, Error> {
  const api = useApi();
  const client = useClient();
  const queryClient = useQueryClient();
  const options = api.sync.status.queryOptions({ athlete: athleteId });
  const status = useQuery(options);
  useEffect(() => {
    const controller = new AbortController();
    const { queryKey } = api.sync.status.queryOptions({ athlete: athleteId });
    async function follow(): Promise<void> {
      let activities: number | undefined;
      const stream = client.sync.progress.subscribe({ athlete: athleteId }, {
        signal: controller.signal,
      });
      for await (const { data } of stream) {
        queryClient.setQueryData(queryKey, data);
        if (activities !== undefined && data.activities !== activities) {
          void queryClient.invalidateQueries({
            queryKey: api.athletes.queryKey(),
          });
        }
        activities = data.activities;
      }
    }
    // Without the stream the state is that of the last request.
    follow().catch(() => {});
    return () => controller.abort();
  }, [athleteId, client, queryClient]);
  return status;
}
