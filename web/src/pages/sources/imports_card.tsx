import type { Import } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useFormat } from "../../format/use_format.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { Failure } from "../../parts/failure.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { toResult } from "./upload_card.tsx";

/** Time between two looks at imports that are not done, in milliseconds. */
const POLL_MS = 2000;

/** The imports so far, with the reason for each refused file. */
export function ImportsCard(): ReactNode {
  const { sources: { upload: texts } } = useTexts();
  const imports = useInfiniteQuery({
    ...useApi().imports.list.infiniteQueryOptions({ limit: 20 }),
    refetchInterval: ({ state: { data } }) =>
      data?.pages[0]?.data.some(({ state }) =>
          state === "receiving" || state === "importing"
        )
        ? POLL_MS
        : false,
  });
  const all = imports.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <Card title={texts.past} wide>
      {imports.isPending
        ? <Skeleton height={120} />
        : imports.isError
        ? <Failure error={imports.error} retry={imports.refetch} />
        : all.length === 0
        ? <p className="soft">{texts.none}</p>
        : (
          <ul className="rows">
            {all.map((job) => <ImportRow key={job.id} job={job} />)}
          </ul>
        )}
      {imports.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={imports.isFetchingNextPage}
          onClick={() => void imports.fetchNextPage()}
        >
          {texts.more}
        </button>
      )}
    </Card>
  );
}

function ImportRow({ job }: { job: Import }): ReactNode {
  const { sources: { upload: texts } } = useTexts();
  const format = useFormat();
  return (
    <li className="upload">
      <span className="upload-text">
        <span className="ellipsis">{job.name}</span>
        <span className="soft">
          {texts.states[job.state]} · {format.moment(job.started_at)}
        </span>
        <span className="soft">
          {toResult(job, { texts, format })}
          {job.problem && ` · ${job.problem}`}
        </span>
        {job.refused > 0 && <Refusals job={job} />}
      </span>
    </li>
  );
}

function Refusals({ job: { id, refused } }: { job: Import }): ReactNode {
  const { sources: { upload: texts } } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{texts.refused(refused)}</summary>
      {isOpen && <RefusalTable id={id} />}
    </details>
  );
}

function RefusalTable({ id }: { id: number }): ReactNode {
  const { sources: { upload: texts } } = useTexts();
  const details = useInfiniteQuery(
    useApi().imports.get.infiniteQueryOptions({ id }),
  );
  if (details.isPending) return <Skeleton height={60} />;
  if (details.isError) {
    return <Failure error={details.error} retry={details.refetch} />;
  }
  return (
    <div
      className="scroll"
      role="region"
      aria-label={texts.reason}
      tabIndex={0}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.file}</th>
            <th scope="col">{texts.reason}</th>
          </tr>
        </thead>
        <tbody>
          {details.data.pages.flatMap(({ refusals }) => refusals).map(
            ({ name, reason }, index) => (
              <tr key={index}>
                <td className="name">{name}</td>
                <td>{reason}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
      {details.hasNextPage && (
        <button
          type="button"
          className="button"
          onClick={() => void details.fetchNextPage()}
        >
          {texts.more}
        </button>
      )}
    </div>
  );
}
