import type { Sql } from "../driver/client.ts";

type Expression = ReturnType<Sql>;

/** Compares the stored figures of a row with those of a later export, whose gear may be unknown. */
export function isOutdated(sql: Sql, given: Expression): Expression {
  const stored: Expression = sql`listed`;
  return sql`
    (${withStoredGear(sql, stored)})
      is distinct from (${withStoredGear(sql, given)})
  `;
}

/** Returns figures as JSON with the stored gear, or null for none, if they do not have their own. */
export function withStoredGear(sql: Sql, figures: Expression): Expression {
  return sql`jsonb_build_object('gear', listed -> 'gear') || ${figures}`;
}
