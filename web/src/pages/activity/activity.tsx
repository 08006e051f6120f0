import { reasonOf } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Skeleton } from "../../parts/card.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failure } from "../../parts/failure.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { ActivityContent } from "./activity_content.tsx";
import { parseActivityId } from "./activity_id.ts";

/** The page of one activity. */
export function Activity(): ReactNode {
  const { id } = useParams({ from: "/activities/$id" });
  const parsed = parseActivityId(id);
  return parsed === undefined
    ? <Missing />
    : <KnownActivity key={parsed} id={parsed} />;
}

function KnownActivity({ id }: { id: number }): ReactNode {
  const { app } = useTexts();
  const activity = useQuery(useApi().activities.get.queryOptions({ id }));
  if (activity.data) return <ActivityContent activity={activity.data} />;
  if (!activity.isError) {
    return (
      <div role="status" aria-label={app.loading}>
        <Skeleton height={640} />
      </div>
    );
  }
  return reasonOf(activity.error) === "activity_not_found"
    ? <Missing />
    : <Failure error={activity.error} retry={activity.refetch} />;
}

function Missing(): ReactNode {
  const { activity: texts, app } = useTexts();
  return (
    <>
      <PageTitle title={app.activities} />
      <Empty title={texts.missing} text={texts.missingText}>
        <Link to="/activities" className="button">{texts.toList}</Link>
      </Empty>
    </>
  );
}
