import type { inferRouterOutputs } from "@trpc/server";
import { Instant } from "../../db/driver/client.ts";
import type { AppRouter } from "../router.ts";

type Outputs = inferRouterOutputs<AppRouter>["athletes"];

const ATHLETE: Outputs["setDefault"] = {
  id: 7654321,
  name: "Ada Example",
  owner: {
    id: "6f1c2f0e-6a3b-4a61-9a55-0c3f4a1d2b7e",
    username: "ada",
    display_name: "Ada Example",
  },
  is_default: true,
  visibility: "link",
  share_token: "ps_9Q2vJx7mB4kT1sYwLzE8cRfN6hUaGdP0oViMqCtXbKe",
  connected: true,
  reconnect_needed: null,
  connected_at: new Instant("2025-11-02T18:20:31Z"),
  activities: 1132,
  first_sync_done: true,
  last_success_at: new Instant("2025-12-06T09:00:04Z"),
};

/** What each procedure of an athlete's owner answers, for the document. */
export const ATHLETE_EXAMPLES: Outputs = {
  list: { data: [ATHLETE] },
  setDefault: ATHLETE,
  setVisibility: ATHLETE,
  renewLink: {
    ...ATHLETE,
    share_token: "ps_T8oRiE3aQkPyNfUeMlF2Ku9vqYd4m0nS7cJb1xWgZ5h",
  },
  disconnect: {
    status: "disconnected",
    athlete_id: 7654321,
    revoked_at_strava: true,
    data: "kept",
  },
  delete: {
    status: "disconnected",
    athlete_id: 7654321,
    revoked_at_strava: true,
    data: "deleted",
  },
};
