import type { User } from "@paceline/sdk";
import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Skeleton } from "../parts/card.tsx";
import { Empty } from "../parts/empty.tsx";
import { useTexts } from "../texts/use_texts.ts";
import { useVisitor } from "./session.ts";

/** Shows its content to users, and a way to log in to guests. */
export function UserOnly(
  { children }: { children: (user: User) => ReactNode },
): ReactNode {
  const { app, empty } = useTexts();
  const visitor = useVisitor();
  const to = useLocation({ select: ({ href }) => href });
  switch (visitor.kind) {
    case "unknown":
      return <Skeleton height={320} />;
    case "guest":
      return (
        <Empty title={empty.loginFirst}>
          <Link to="/login" search={{ to }} className="button primary">
            {app.logIn}
          </Link>
        </Empty>
      );
    case "user":
      return children(visitor.user);
  }
}
