import { Link, type LinkProps } from "@tanstack/react-router";
import { createContext, type ReactNode, useContext } from "react";

/** Whether links lead to pages of the athlete that is shown. On a shared page they would not. */
export const HasPages: React.Context<boolean> = createContext(true);

/** A link to another page of the same athlete, or only its text where there are no other pages. */
export function PageLink(
  { className, children, ...link }: LinkProps & {
    className?: string;
    children: ReactNode;
  },
): ReactNode {
  const hasPages = useContext(HasPages);
  if (!hasPages) return <span className={className}>{children}</span>;
  return <Link {...link} className={className}>{children}</Link>;
}
