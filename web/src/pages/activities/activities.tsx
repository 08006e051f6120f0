import { type ReactNode, useMemo } from "react";
import { useApi } from "@paceline/sdk/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useFormat } from "../../format/use_format.ts";
import { Skeleton } from "../../parts/card.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failure } from "../../parts/failure.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { ActivityList } from "./activity_list.tsx";
import { Filters } from "./filters.tsx";
import { ListActions } from "./list_actions.tsx";
import {
  type ActivityChanges,
  type ActivitySearch,
  toListInput,
} from "./search.ts";
import { useSelection } from "./selection.ts";
import { SelectionBar } from "./selection_bar.tsx";

/** All activities, filtered and sorted. The address holds the filters. */
export function Activities(): ReactNode {
  const { activities: texts } = useTexts();
  const format = useFormat();
  const search = useSearch({ from: "/activities" });
  const navigate = useNavigate({ from: "/activities" });
  const pages = useInfiniteQuery({
    ...useApi().activities.list.infiniteQueryOptions(toListInput(search)),
    // The list stays in view while a changed filter loads.
    placeholderData: (previous) => previous,
  });
  const change = (changes: ActivityChanges): void => {
    void navigate({
      search: (before) => dropEmpty({ ...before, ...changes }),
      replace: true,
      resetScroll: false,
    });
  };
  const total = pages.data?.pages[0]?.total;
  const activities = useMemo(
    () => pages.data?.pages.flatMap(({ data }) => data) ?? [],
    [pages.data],
  );
  const shown = useMemo(() => activities.map(({ id }) => id), [activities]);
  const selection = useSelection(shown);
  return (
    <>
      <PageTitle title={texts.title}>
        {total !== undefined && (
          <p className="soft" role="status">
            {texts.count(format.number(total))}
          </p>
        )}
      </PageTitle>
      <Filters search={search} change={change} />
      <ListActions
        search={search}
        selection={selection}
        total={total ?? 0}
      />
      {selection.isOn && (
        <SelectionBar selection={selection} activities={activities} />
      )}
      {pages.isPending
        ? <Skeleton height={640} />
        : pages.isError
        ? <Failure error={pages.error} retry={pages.refetch} />
        : total === 0
        ? (
          <Empty title={texts.none} text={texts.noneText}>
            <button
              type="button"
              className="button"
              onClick={() => void navigate({ search: {} })}
            >
              {texts.clear}
            </button>
          </Empty>
        )
        : (
          <ActivityList
            activities={activities}
            selection={selection}
            total={total ?? 0}
            isLoadingMore={pages.isFetchingNextPage}
            isStale={pages.isPlaceholderData}
            view={search.view ?? "table"}
            loadMore={() => {
              if (pages.hasNextPage && !pages.isFetching) {
                void pages.fetchNextPage();
              }
            }}
          />
        )}
    </>
  );
}

/** Leaves out what is empty, so that the address stays short. */
function dropEmpty(search: ActivityChanges): ActivitySearch {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) =>
      value !== undefined && value !== ""
    ),
  );
}
