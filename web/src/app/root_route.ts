import { createRootRoute } from "@tanstack/react-router";
import { Shell } from "./shell.tsx";

/** The route that holds all pages in the app's frame. */
export const rootRoute = createRootRoute({ component: Shell });
