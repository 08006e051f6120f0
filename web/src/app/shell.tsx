import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { Icon } from "../parts/icon.tsx";
import { useTexts } from "../texts/use_texts.ts";
import { OfflineNote } from "./offline_note.tsx";
import { PAGES } from "./pages.ts";
import { VisitorMenu } from "./visitor_menu.tsx";

/** The frame of all pages: the navigation, who is logged in, and the page. */
export function Shell(): ReactNode {
  const { app } = useTexts();
  const main = useFocusOnNewPage();
  return (
    <div className="shell">
      <a className="skip" href="#main">{app.skip}</a>
      <header className="top">
        <Link to="/" className="brand">
          <img src="icon.svg" alt="" width="28" height="28" />
          {app.name}
        </Link>
        <VisitorMenu />
      </header>
      <nav className="navigation" aria-label={app.navigation}>
        <ul>
          {PAGES.map(({ to, name, icon }) => (
            <li key={to}>
              <Link to={to} activeOptions={{ exact: to === "/" }}>
                <Icon name={icon} />
                <span>{app[name] as string}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" ref={main} tabIndex={-1}>
        <OfflineNote />
        <Outlet />
      </main>
    </div>
  );
}

/** Moves the focus to the content after a change of page, as a browser does without an app. */
function useFocusOnNewPage(): React.RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}
