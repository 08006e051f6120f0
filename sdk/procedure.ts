/** The options of a single call. */
export interface CallOptions {
  /** Aborts the call at once with the reason `aborted`, also within a batch or before a retry. */
  signal?: AbortSignal | undefined;
  /** Maximum duration of one attempt in milliseconds. Defaults to the client's `timeout`. */
  timeout?: number | undefined;
}

/** The arguments of a call. The input comes first and is optional if it may be undefined. */
export type Arguments<Input> = undefined extends Input
  ? [input?: Input, options?: CallOptions]
  : [input: Input, options?: CallOptions];

/** The key of a procedure's types. It does not exist at run time. */
export declare const types: unique symbol;

/** A procedure that only reads. The client retries it, because repeating it is safe. */
export interface Query<Input, Output> {
  /** Calls the procedure. Rejects with an `ApiError`. */
  query(...args: Arguments<Input>): Promise<Output>;
  readonly [types]?: { kind: "query"; input: Input; output: Output };
}

/** A procedure that changes something. The client never retries it. */
export interface Mutation<Input, Output> {
  /** Calls the procedure. Rejects with an `ApiError`. */
  mutate(...args: Arguments<Input>): Promise<Output>;
  readonly [types]?: { kind: "mutation"; input: Input; output: Output };
}

/** An event of a stream. */
export interface StreamEvent<Output> {
  /** The position in the stream. As `lastEventId` it continues the stream from there. */
  id: string;
  data: Output;
}

/** A procedure that streams changes as they happen. */
export interface Subscription<Input, Output> {
  /**
   * Returns the events as they arrive, until the loop ends or the signal aborts it. A lost
   * connection is opened again. Throws an `ApiError`.
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

/** The input of each procedure: `InputsOf<Api>["activities"]["list"]`. */
export type InputsOf<Api> = {
  [Router in keyof Api]: {
    [Name in keyof Api[Router]]: TypesOf<Api[Router][Name]>["input"];
  };
};

/** The output of each procedure: `OutputsOf<Api>["stats"]["ytd"]`. */
export type OutputsOf<Api> = {
  [Router in keyof Api]: {
    [Name in keyof Api[Router]]: TypesOf<Api[Router][Name]>["output"];
  };
};
