import type { ActivityDetail, ActivitySource } from "@paceline/sdk";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { BASE_PATH } from "../../app/base_path.ts";
import { useIsOwner } from "../../app/use_is_owner.ts";
import { useFormat } from "../../format/use_format.ts";
import { Card } from "../../parts/card.tsx";
import { ConfirmButton } from "../../parts/confirm_button.tsx";
import { DataTable } from "../../parts/data_table.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { useEdits } from "./edits/use_edits.ts";

/** The recordings of an activity, and which one gave which value. */
export function SourcesCard(
  { id, sources: { data, figures, preferred } }: {
    id: number;
    sources: NonNullable<ActivityDetail["sources"]>;
  },
): ReactNode {
  const { activity: { sources: texts } } = useTexts();
  const format = useFormat();
  const canSplit = useIsOwner() && data.length > 1;
  const toKind = ({ kind }: ActivitySource): string =>
    kind === "strava" || kind === "manual"
      ? texts[kind]
      : texts.file(kind.toUpperCase());
  const nameOf = (sourceId: string): string => {
    const source = data.find((each) => each.id === sourceId);
    return source ? toKind(source) : sourceId;
  };
  return (
    <Card title={texts.title}>
      <ul className="rows">
        {data.map((source) => (
          <li key={source.id} className="source">
            <span>
              {toKind(source)}
              <span className="soft">
                {[
                  source.name,
                  source.device,
                  texts.received(format.moment(source.received_at)),
                  source.placement !== "automatic" && texts[source.placement],
                  source.id === preferred && texts.preferred,
                ].filter(Boolean).join(" · ")}
              </span>
            </span>
            <span className="source-actions">
              {source.has_original && (
                <a
                  className="button"
                  href={toOriginal(id, source.id)}
                  download
                  aria-label={texts.downloadOf(source.name)}
                >
                  {texts.download}
                </a>
              )}
              {canSplit && source.id !== `strava:${id}` && (
                <SplitButton id={id} source={source.id} />
              )}
            </span>
          </li>
        ))}
      </ul>
      {data.length > 1 && figures.length > 0 && (
        <details>
          <summary>{texts.figures}</summary>
          <DataTable
            label={texts.figures}
            columns={[texts.value, texts.source, texts.origin]}
            rows={figures.map(({ field, source, method }) => ({
              key: field,
              cells: [
                texts.totals[field],
                nameOf(source),
                texts.methods[method],
              ],
            }))}
          />
        </details>
      )}
    </Card>
  );
}

function SplitButton(
  { id, source }: { id: number; source: string },
): ReactNode {
  const { edits: texts } = useTexts();
  const edits = useEdits();
  const navigate = useNavigate();

  async function split(): Promise<void> {
    const created = await edits.split(id, source);
    if (created === undefined) return;
    await navigate({ to: "/activities/$id", params: { id: String(created) } });
  }

  return (
    <ConfirmButton
      question={texts.splitQuestion}
      onConfirm={() => void split()}
    >
      {texts.split}
    </ConfirmButton>
  );
}

function toOriginal(id: number, source: string): string {
  const query = new URLSearchParams({ id: String(id), source });
  return `${BASE_PATH}/strava/activities/original?${query}`;
}
