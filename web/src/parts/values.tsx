import type { ReactNode } from "react";

/** A row of values with their names. */
export function Values({ children }: { children: ReactNode }): ReactNode {
  return <dl className="values">{children}</dl>;
}

/** A value with its name, and a note below it. */
export function Value(
  { name, value, note }: { name: string; value: ReactNode; note?: ReactNode },
): ReactNode {
  return (
    <div className="value">
      <dt>{name}</dt>
      <dd>
        <span className="number">{value}</span>
        {note && <span className="soft">{note}</span>}
      </dd>
    </div>
  );
}
