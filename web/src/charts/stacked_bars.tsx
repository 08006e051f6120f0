import type { CSSProperties, ReactNode } from "react";

/** A series of a stacked chart: the same colour in every bar. */
export interface Stack {
  key: string;
  name: string;
  /** Name of a custom property of the style, such as `--chart-1`. */
  colour: string;
}

/** A bar of several parts. */
export interface StackedBar {
  key: string;
  label: string;
  /** The bar in words. */
  title: string;
  /** One value for each series, in their order. */
  values: readonly number[];
}

/** Vertical bars whose parts add up, with a legend. */
export function StackedBars(
  { stacks, bars, height }: {
    stacks: readonly Stack[];
    bars: readonly StackedBar[];
    height: number;
  },
): ReactNode {
  const sums = bars.map(({ values }) => values.reduce((sum, x) => sum + x, 0));
  const most = Math.max(...sums, 0);
  return (
    <>
      <div className="bars" style={{ height }}>
        {bars.map(({ key, label, title, values }) => (
          <div key={key} className="bar" title={title}>
            <div className="stack">
              {stacks.map(({ key, colour }, index) => (
                <span
                  key={key}
                  style={{
                    "--share": most > 0 ? (values[index] ?? 0) / most : 0,
                    "--colour": `var(${colour})`,
                  } as CSSProperties}
                />
              ))}
            </div>
            <span className="bar-label">{label}</span>
          </div>
        ))}
      </div>
      {stacks.length > 1 && (
        <ul className="legend">
          {stacks.map(({ key, name, colour }) => (
            <li
              key={key}
              style={{ "--colour": `var(${colour})` } as CSSProperties}
            >
              {name}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
