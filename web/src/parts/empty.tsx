import type { ReactNode } from "react";

/** The place of something that is not there yet, with what to do about it. */
export function Empty(
  { title, text, children }: {
    title: string;
    text?: string;
    children?: ReactNode;
  },
): ReactNode {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {text && <p>{text}</p>}
      {children && <p className="actions">{children}</p>}
    </div>
  );
}
