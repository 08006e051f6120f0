import { activitiesRouter } from "./activities/activities_router.ts";
import { adminRouter } from "./admin/admin_router.ts";
import { athleteValuesRouter } from "./athlete_values/athlete_values_router.ts";
import { athletesRouter } from "./athletes/athletes_router.ts";
import { authRouter } from "./accounts/auth_router.ts";
import { keysRouter } from "./accounts/keys_router.ts";
import { gearRouter } from "./gear/gear_router.ts";
import { importsRouter } from "./import_jobs/imports_router.ts";
import { privacyRouter } from "./privacy/privacy_router.ts";
import { statsRouter } from "./stats/stats_router.ts";
import { syncRouter } from "./sync/sync_router.ts";
import { router } from "./trpc.ts";

export const appRouter = router({
  stats: statsRouter,
  activities: activitiesRouter,
  sync: syncRouter,
  imports: importsRouter,
  auth: authRouter,
  athletes: athletesRouter,
  athleteValues: athleteValuesRouter,
  gear: gearRouter,
  privacy: privacyRouter,
  admin: adminRouter,
  keys: keysRouter,
});

/** The type of the whole API, for typed clients. */
export type AppRouter = typeof appRouter;
