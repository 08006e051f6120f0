import { useApi } from "@paceline/sdk/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useFormat } from "../../format/use_format.ts";
import { Card, Skeleton } from "../../parts/card.tsx";
import { Failure } from "../../parts/failure.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** The newest events of the instance, for administrators. */
export function AuditCard(): ReactNode {
  const { settings: { audit: texts }, charts } = useTexts();
  const format = useFormat();
  const audit = useInfiniteQuery(
    useApi().admin.audit.infiniteQueryOptions({ limit: 20 }),
  );
  return (
    <Card title={texts.title}>
      <p className="soft">{texts.text}</p>
      {audit.isPending
        ? <Skeleton height={160} />
        : audit.isError
        ? <Failure error={audit.error} retry={audit.refetch} />
        : (
          <div
            className="scroll"
            role="region"
            aria-label={texts.title}
            tabIndex={0}
          >
            <table>
              <thead>
                <tr>
                  <th scope="col">{charts.date}</th>
                  <th scope="col">{texts.what}</th>
                  <th scope="col">{texts.who}</th>
                  <th scope="col">{texts.where}</th>
                </tr>
              </thead>
              <tbody>
                {audit.data.pages.flatMap(({ data }) => data).map((event) => (
                  <tr key={event.id}>
                    <td>{format.moment(event.at)}</td>
                    <td>
                      <code>{event.kind}</code>
                    </td>
                    <td>{event.username ?? "–"}</td>
                    <td>{event.address ?? "–"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      {audit.hasNextPage && (
        <p className="actions">
          <button
            type="button"
            className="button"
            disabled={audit.isFetchingNextPage}
            onClick={() => void audit.fetchNextPage()}
          >
            {texts.more}
          </button>
        </p>
      )}
    </Card>
  );
}
