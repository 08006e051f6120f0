/**
 * The API's type for code with its own tRPC client: `createTRPCClient<AppRouter>()` with the
 * transformer superjson, or tRPC's own integrations.
 *
 * @module
 */
import type {
  TRPCBuiltRouter,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from "@trpc/server";
import type { Api, Reason } from "./contract.gen.ts";
import type { Issue } from "./errors.ts";
import type { StreamEvent, TypesOf } from "./procedure.ts";

/** The content of `error.data` in tRPC's own clients. */
export interface ErrorData {
  code: string;
  httpStatus: number;
  path: string | null;
  reason: Reason;
  /** Id of the request in the server's log. */
  request_id: string | null;
  issues: Issue[] | null;
}

/** The shape of an error over tRPC. */
export interface ErrorShape {
  /** tRPC's number for the kind of error. */
  code: number;
  /** A sentence for people. */
  message: string;
  data: ErrorData;
}

interface RootTypes {
  ctx: object;
  meta: object;
  errorShape: ErrorShape;
  /** superjson. */
  transformer: true;
}

type ToTRPC<Types> = Types extends
  { kind: "query"; input: infer Input; output: infer Output }
  ? TRPCQueryProcedure<{ input: Input; output: Output; meta: object }>
  : Types extends { kind: "mutation"; input: infer Input; output: infer Output }
    ? TRPCMutationProcedure<{ input: Input; output: Output; meta: object }>
  : Types extends
    { kind: "subscription"; input: infer Input; output: infer Output }
    ? TRPCSubscriptionProcedure<{
      input: Input;
      output: AsyncIterable<StreamEvent<Output>, void, unknown>;
      meta: object;
    }>
  : never;

type ToRecord<Contract> = {
  [Router in keyof Contract]: {
    [Name in keyof Contract[Router]]: ToTRPC<TypesOf<Contract[Router][Name]>>;
  };
};

/** The router's type for tRPC's own clients. */
export type AppRouter = TRPCBuiltRouter<RootTypes, ToRecord<Api>>;
