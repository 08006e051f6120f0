import { checkTypes } from "./build.ts";

// Checks the types of the web app: `deno task web:check`.
Deno.exit(await checkTypes());
