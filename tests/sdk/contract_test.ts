import assert from "node:assert/strict";
import type { RouterOutputs } from "@paceline/sdk";
import type { AppRouter as SdkRouter } from "@paceline/sdk/trpc";
import { createTRPCClient, httpLink, type TRPCClientError } from "@trpc/client";
import {
  type AnyTRPCRouter,
  type inferRouterError,
  type inferRouterInputs,
  type inferRouterOutputs,
  initTRPC,
} from "@trpc/server";
import superjson from "superjson";
import { z } from "zod";
import { renderContract } from "../../sdk/build/contract.ts";
import type { AppRouter } from "../../server/router.ts";
import { createTestApp } from "../support/app.ts";

/** The compiler prints this next to `Type 'true' is not assignable to type`. */
type OutOfDate =
  "sdk/contract.gen.ts is out of date: run 'deno task openapi && deno task sdk:contract'";

/** `true` if two types are identical, not only assignable; else what to do. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : OutOfDate;

/** Replaces each stream by its event. */
type EventsOf<Outputs> = {
  [Router in keyof Outputs]: {
    [Name in keyof Outputs[Router]]: Outputs[Router][Name] extends
      AsyncIterable<{ data: infer Data }> ? Data : Outputs[Router][Name];
  };
};

// The compiler is the test: a line fails to compile if the SDK differs from the server.
export const sameOutputs: Same<
  EventsOf<RouterOutputs>,
  EventsOf<inferRouterOutputs<AppRouter>>
> = true;
export const sameInputs: Same<
  inferRouterInputs<SdkRouter>,
  inferRouterInputs<AppRouter>
> = true;
export const sameOutputsOfTrpc: Same<
  EventsOf<inferRouterOutputs<SdkRouter>>,
  EventsOf<inferRouterOutputs<AppRouter>>
> = true;
export const sameErrorsOfTrpc: Same<
  inferRouterError<SdkRouter>["data"]["reason"],
  inferRouterError<AppRouter>["data"]["reason"]
> = true;

Deno.test("AppRouter: works with tRPC's own client", async () => {
  await using test = await createTestApp();
  const client = createTRPCClient<SdkRouter>({
    links: [
      httpLink({
        url: "http://localhost:5001/trpc",
        transformer: superjson,
        fetch: (input, init) =>
          test.app(new Request(input as string, init as RequestInit)),
      }),
    ],
  });

  await assert.rejects(
    client.stats.ytd.query(),
    (error: TRPCClientError<SdkRouter>) =>
      error.data?.reason === "not_connected",
  );
});

const t = initTRPC.create();

function render(router: AnyTRPCRouter): string {
  return renderContract({ router, descriptions: {}, reasons: {} });
}

function renderOutput(output: z.ZodType): string {
  return render(t.router({
    a: t.router({
      b: t.procedure.output(output as never).query(() => 0 as never),
    }),
  }));
}

Deno.test("renderContract: renders types for all schemas that can be sent", () => {
  const text = renderOutput(z.object({
    text: z.string().meta({ description: "A */ text", example: "x" }),
    maybe: z.number().optional(),
    none: z.boolean().nullable(),
    at: z.date(),
    one: z.enum(["a", "b"]),
    kind: z.literal("k"),
    list: z.array(z.union([z.string(), z.number()])),
    map: z.record(z.string(), z.number()),
  }));

  for (
    const part of [
      '/**\n * A *\\/ text\n * @example "x"\n */\ntext: string;',
      "maybe?: number | undefined;",
      "none: boolean | null;",
      "at: Date;",
      'one: "a" | "b";',
      'kind: "k";',
      "list: Array<string | number>;",
      "map: Record<string, number>;",
    ]
  ) {
    assert.ok(text.includes(part), `${part} is not in\n${text}`);
  }
});

Deno.test("renderContract: makes an input with a default optional", () => {
  const input = z.object({ n: z.number().default(1) }).default({ n: 1 });
  const text = render(t.router({
    a: t.router({
      b: t.procedure.input(input).output(z.string()).mutation(() => ""),
    }),
  }));

  assert.match(
    text,
    /b: Mutation<\{\nn\?: number \| undefined;\n\} \| undefined, string>;/,
  );
});

Deno.test("renderContract: refuses a missing or unsupported schema by its path", () => {
  for (
    const [output, message] of [
      [z.any(), /a\.b: output: a any cannot be sent as JSON/],
      [z.unknown(), /a unknown cannot/],
      [z.object({ f: z.array(z.custom()) }), /output\.f\[\]: a custom/],
      [z.string().transform(Number), /a pipe cannot/],
    ] as const
  ) {
    assert.throws(() => renderOutput(output), message);
  }
  const bare = t.router({ a: t.router({ b: t.procedure.query(() => 1) }) });
  assert.throws(() => render(bare), /a\.b: .* output schema/);
});
