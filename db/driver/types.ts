import type postgres from "postgres";

/** Types of parameters in addition to the driver's own: a bigint for an `int8` column. */
interface ParameterTypes extends Record<string, unknown> {
  bigint: bigint;
}

/** A pool or a transaction: everything that queries need. */
export type Sql = postgres.ISql<ParameterTypes>;

/** A pool of connections to one database. `begin` passes a transaction's `Sql` to its callback. */
export type Pool =
  & Sql
  & Pick<postgres.Sql<ParameterTypes>, "begin" | "end" | "listen">;
