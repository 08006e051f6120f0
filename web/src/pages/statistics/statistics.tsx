import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { PageTitle } from "../../parts/page_title.tsx";
import { SportSelect } from "../../parts/sport_select.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { SECTIONS } from "./sections.ts";
import { useStatisticsSearch } from "./use_search.ts";

/** The statistics: a page each, in tabs, for all sports or one. */
export function Statistics(): ReactNode {
  const { statistics: texts } = useTexts();
  const { search: { sport }, change } = useStatisticsSearch();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const section = SECTIONS.findLast(({ to }) =>
    path.replace(/\/$/, "").endsWith(to)
  );
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a narrow screen the tabs scroll: the page's own one comes into view.
    const { current } = tabs;
    const tab = current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (current && tab) {
      current.scrollLeft = tab.offsetLeft -
        (current.clientWidth - tab.offsetWidth) / 2;
    }
  }, [path]);
  return (
    <>
      <PageTitle
        title={texts.title}
        tab={section
          ? `${texts.sections[section.name]} · ${texts.title}`
          : texts.title}
      />
      <nav className="tabs" aria-label={texts.tabs} ref={tabs}>
        <ul>
          {SECTIONS.map(({ to, name }) => (
            <li key={name}>
              <Link
                to={to}
                activeOptions={{ exact: true, includeSearch: false }}
                search={(before: { sport?: string }) =>
                  before.sport === undefined ? {} : { sport: before.sport }}
              >
                {texts.sections[name]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="filters statistics-filters">
        <SportSelect
          value={sport}
          onChange={(sport) => change({ sport })}
        />
      </div>
      <Outlet />
    </>
  );
}
