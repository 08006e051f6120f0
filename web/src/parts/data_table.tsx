import type { ReactNode } from "react";

/** A row of a table: its head, and its cells. */
export interface TableRow {
  key: string;
  cells: readonly ReactNode[];
  isSum?: boolean;
}

/** A table with a head in each row. On a narrow screen it scrolls in its own box. */
export function DataTable(
  { label, columns, rows }: {
    /** Name of the table for screen readers. */
    label: string;
    columns: readonly string[];
    rows: readonly TableRow[];
  },
): ReactNode {
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table className="data-table">
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col" className={index > 0 ? "right" : ""}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells, isSum }) => (
            <tr key={key} className={isSum ? "sum" : ""}>
              {cells.map((cell, index) =>
                index === 0
                  ? <th key={index} scope="row">{cell}</th>
                  : <td key={index} className="right">{cell}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
