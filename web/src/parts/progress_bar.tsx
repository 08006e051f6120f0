import type { CSSProperties, ReactNode } from "react";

/** A bar of the done part of something, with a mark where it would be expected. */
export function ProgressBar(
  { label, text, share, expected }: {
    /** Name of the bar for screen readers. */
    label: string;
    /** The progress in words. */
    text: string;
    /** From 0 to 1. More than all fills the bar. */
    share: number;
    /** Expected place, from 0 to 1. */
    expected?: number;
  },
): ReactNode {
  const filled = Math.min(Math.max(share, 0), 1);
  return (
    <div
      className="progress-bar"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(filled * 100)}
      aria-valuetext={text}
      style={{
        "--share": filled,
        "--expected": expected ?? 0,
      } as CSSProperties}
    >
      <span className="progress-bar-value" />
      {expected !== undefined && <span className="progress-bar-mark" />}
    </div>
  );
}
