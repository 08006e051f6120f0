import { activitiesRouter } from "./routers/activities.ts";
import { adminRouter } from "./routers/admin.ts";
import { athletesRouter } from "./routers/athletes.ts";
import { authRouter } from "./routers/auth.ts";
import { keysRouter } from "./routers/keys.ts";
import { statsRouter } from "./routers/stats.ts";
import { syncRouter } from "./routers/sync.ts";
import { router } from "./trpc.ts";

export const appRouter = router({
  stats: statsRouter,
  activities: activitiesRouter,
  sync: syncRouter,
  auth: authRouter,
  athletes: athletesRouter,
  admin: adminRouter,
  keys: keysRouter,
});

/** The whole API's type, for typed clients. */
export type AppRouter = typeof appRouter;
