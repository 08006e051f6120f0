import { type ReactNode, useId } from "react";
import { useTexts } from "../texts/use_texts.ts";

/** The values of a chart as rows, for readers who cannot see it. */
export interface ChartTable {
  columns: readonly string[];
  rows: readonly (readonly ReactNode[])[];
}

/** A chart with a sentence that says the same, and its values as a table. */
export function ChartFigure(
  { summary, table, children, isSummaryVisible = false }: {
    summary: string;
    table: ChartTable;
    isSummaryVisible?: boolean;
    /** The chart. Screen readers skip it. */
    children: ReactNode;
  },
): ReactNode {
  const { charts } = useTexts();
  const id = useId();
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id} className={isSummaryVisible ? "" : "visually-hidden"}>
        {summary}
      </figcaption>
      <div aria-hidden="true">{children}</div>
      <details className="chart-table">
        <summary>{charts.asTable}</summary>
        <div className="scroll" tabIndex={0} role="region" aria-labelledby={id}>
          <table>
            <thead>
              <tr>
                {table.columns.map((name) => (
                  <th key={name} scope="col">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, index) => <td key={index}>{cell}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
