import type { CSSProperties, ReactNode } from "react";

/** A bar from left to right, with its name and its value in words. */
export interface RowBar {
  key: string;
  name: ReactNode;
  value: number;
  text: string;
  isHighlighted?: boolean;
}

/** Horizontal bars, one a row. */
export function RowBars({ bars }: { bars: readonly RowBar[] }): ReactNode {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  return (
    <div className="row-bars">
      {bars.map(({ key, name, value, text, isHighlighted }) => (
        <div key={key} className="row-bar">
          <span className="row-bar-name">{name}</span>
          <span className="number">{text}</span>
          <span
            className={isHighlighted ? "row-bar-value now" : "row-bar-value"}
            style={{
              "--share": most > 0 ? value / most : 0,
            } as CSSProperties}
          />
        </div>
      ))}
    </div>
  );
}
