import { type ReactNode } from "react";

/** An input with its label above it. */
export function Field(
  { label, className = "", note, children }: {
    label: string;
    className?: string;
    /** A sentence that explains the input. */
    note?: string;
    children: ReactNode;
  },
): ReactNode {
  return (
    <label className={`field ${className}`}>
      <span className="field-label">{label}</span>
      {children}
      {note && <span className="soft">{note}</span>}
    </label>
  );
}
