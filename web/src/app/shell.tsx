import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { Icon } from "../parts/icon.tsx";
import { useTexts } from "../texts/use_texts.ts";
import { PasswordProvider } from "./confirm_password.tsx";
import { NoticePlace } from "./notice_place.tsx";
import { OfflineNote } from "./offline_note.tsx";
import { PAGES, PLACES } from "./pages.ts";
import { useVisitor } from "./session.ts";

// The menus are not needed for the first look.
const VisitorMenu = lazy(async () => ({
  default: (await import("./menus.tsx")).VisitorMenu,
}));
const MorePages = lazy(async () => ({
  default: (await import("./menus.tsx")).MorePages,
}));

/** The frame of all pages: the navigation, who is logged in, and the page. */
export function Shell(): ReactNode {
  const { app } = useTexts();
  const visitor = useVisitor();
  const main = useFocusOnNewPage();
  return (
    <div className="shell">
      <a className="skip" href="#main">{app.skip}</a>
      <header className="top">
        <Link to="/" className="brand">
          <img src="icon.svg" alt="" width="28" height="28" />
          {app.name}
        </Link>
        <div className="visitor">
          {visitor.kind === "guest" && (
            <Link to="/login" className="button">{app.logIn}</Link>
          )}
          <Suspense fallback={<MenuPlace />}>
            <VisitorMenu />
          </Suspense>
        </div>
      </header>
      <nav className="navigation" aria-label={app.navigation}>
        <ul>
          {PAGES.map(({ to, name, icon }, index) => (
            <li key={to} className={index < PLACES ? "" : "beyond"}>
              <Link to={to} activeOptions={{ exact: to === "/" }}>
                <Icon name={icon} />
                <span>{app[name] as string}</span>
              </Link>
            </li>
          ))}
          <li className="more-place">
            <Suspense fallback={<MenuPlace />}>
              <MorePages />
            </Suspense>
          </li>
        </ul>
      </nav>
      <main id="main" ref={main} tabIndex={-1}>
        <OfflineNote />
        <PasswordProvider>
          <Outlet />
        </PasswordProvider>
      </main>
      <NoticePlace />
    </div>
  );
}

/** The place of a menu whose code is still loading. */
function MenuPlace(): ReactNode {
  return (
    <span className="menu-loading">
      <Icon name="more" />
    </span>
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
