import type { CSSProperties, ReactNode } from "react";

/** A bar of a chart. */
export interface Bar {
  key: string;
  /** Text below the bar. Empty where a label has no space. */
  label: string;
  /** Name of the bar, if the label is not enough. */
  title?: string;
  value: number;
  /** The value in words. */
  text: string;
  isHighlighted?: boolean;
}

/** Vertical bars with their labels below. */
export function BarChart(
  { bars, height }: { bars: readonly Bar[]; height: number },
): ReactNode {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  return (
    <div
      className={bars.some(({ label }) => label === "") ? "bars many" : "bars"}
      style={{ height }}
    >
      {bars.map(({ key, label, title = label, value, text, isHighlighted }) => (
        <div key={key} className="bar" title={`${title}: ${text}`}>
          <span
            className={isHighlighted ? "bar-value now" : "bar-value"}
            style={{
              "--share": most > 0 ? value / most : 0,
            } as CSSProperties}
          />
          <span className="bar-label">{label}</span>
        </div>
      ))}
    </div>
  );
}
