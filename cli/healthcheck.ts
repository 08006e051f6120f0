/** Asks the server of this container whether it is ready. The exit code is 0 if it is. */
const port = Deno.env.get("PORT") || "5001";
const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(
  () => undefined,
);
Deno.exit(response?.ok ? 0 : 1);
