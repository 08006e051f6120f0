/** What may be said of a single call. */
export interface CallOptions {
  /** Ends the call at once with the reason `aborted`, also amid a batch or before a retry. */
  signal?: AbortSignal | undefined;
  /** Milliseconds that one attempt may take; the client's `timeout` by default. */
  timeout?: number | undefined;
}

/** The input first, unless it can be left out. */
export type Arguments<Input> = undefined extends Input
  ? [input?: Input, options?: CallOptions]
  : [input: Input, options?: CallOptions];

/** Where a procedure keeps its types; nothing is there when it runs. */
export declare const types: unique symbol;

/** A procedure that reads; it is safe to call again, so the client retries it. */
export interface Query<Input, Output> {
  /** Calls the procedure. Rejects with an `ApiError`. */
  query(...args: Arguments<Input>): Promise<Output>;
  readonly [types]?: { kind: "query"; input: Input; output: Output };
}

/** A procedure that changes something; it is never called twice for one call. */
export interface Mutation<Input, Output> {
  /** Calls the procedure. Rejects with an `ApiError`. */
  mutate(...args: Arguments<Input>): Promise<Output>;
  readonly [types]?: { kind: "mutation"; input: Input; output: Output };
}

/** What came over a stream. */
export interface StreamEvent<Output> {
  /** Stands for the place in the stream: as `lastEventId` it goes on from there. */
  id: string;
  data: Output;
}

/** A procedure that tells of changes as they happen. */
export interface Subscription<Input, Output> {
  /**
   * The events as they come, until the loop is left or the signal ends it; a lost connection is made
   * anew. Throws an `ApiError`.
   */
  subscribe(...args: Arguments<Input>): AsyncIterable<StreamEvent<Output>>;
  readonly [types]?: { kind: "subscription"; input: Input; output: Output };
}

/** Any procedure. */
interface Procedure {
  readonly [types]?: { kind: string; input: unknown; output: unknown };
}

/** The kind, input and output of a procedure. */
export type TypesOf<Each> = Each extends Procedure
  ? NonNullable<Each[typeof types]>
  : never;

/** What each procedure takes: `InputsOf<Api>["activities"]["list"]`. */
export type InputsOf<Api> = {
  [Router in keyof Api]: {
    [Name in keyof Api[Router]]: TypesOf<Api[Router][Name]>["input"];
  };
};

/** What each procedure answers: `OutputsOf<Api>["stats"]["ytd"]`. */
export type OutputsOf<Api> = {
  [Router in keyof Api]: {
    [Name in keyof Api[Router]]: TypesOf<Api[Router][Name]>["output"];
  };
};
