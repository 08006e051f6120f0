import type { LinkProps } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import { PageLink } from "./page_link.tsx";

/** A titled part of a page. Its title leads to the page that shows more. */
export function Card(
  { title, to, hash, wide = false, whole = false, children, actions }: {
    title: string;
    to?: LinkProps["to"];
    /** Id of the part of that page. */
    hash?: string;
    /** Takes the width of two cards. */
    wide?: boolean;
    /** Takes the width of all cards. */
    whole?: boolean;
    /** Controls next to the title. */
    actions?: ReactNode;
    children: ReactNode;
  },
): ReactNode {
  const id = useId();
  return (
    <section
      className={`card ${wide ? "wide" : ""} ${whole ? "whole" : ""}`.trim()}
      aria-labelledby={id}
    >
      <header>
        <h2 id={id}>
          {to
            ? <PageLink to={to} {...hash && { hash }}>{title}</PageLink>
            : title}
        </h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** The place of a card's content while it loads. It keeps the height, so that nothing jumps. */
export function Skeleton({ height }: { height: number }): ReactNode {
  return <div className="skeleton" style={{ height }} aria-hidden="true" />;
}
