import { useApi, useClient } from "@paceline/sdk/react";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { useFormat } from "../../format/use_format.ts";
import { Card } from "../../parts/card.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { addUploads, stopUpload, type Upload, useUploads } from "./uploads.ts";

/** The place to drop files, and how far they are. */
export function UploadCard(): ReactNode {
  const { sources: { upload: texts } } = useTexts();
  const api = useApi();
  const client = useClient();
  const queryClient = useQueryClient();
  const uploads = useUploads();
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const add = (files: Iterable<File>): void =>
    addUploads(
      client,
      files,
      () => void queryClient.invalidateQueries({ queryKey: api.queryKey() }),
    );
  return (
    <Card title={texts.title} wide>
      <p>{texts.text}</p>
      <div
        className={isOver ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          add(event.dataTransfer.files);
        }}
      >
        <p>{texts.drop}</p>
        <button
          type="button"
          className="button primary"
          onClick={() => input.current?.click()}
        >
          {texts.choose}
        </button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={texts.choose}
          onChange={({ currentTarget }) => {
            add([...currentTarget.files ?? []]);
            // The same file can be chosen again.
            currentTarget.value = "";
          }}
        />
      </div>
      <p className="soft">{texts.exportHint}</p>
      {uploads.length > 0 && (
        <ul className="rows" aria-live="polite">
          {uploads.map((upload) => (
            <UploadRow
              key={upload.id}
              upload={upload}
              again={() => add([upload.file])}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}

function UploadRow(
  { upload, again }: { upload: Upload; again: () => void },
): ReactNode {
  const { sources: { upload: texts } } = useTexts();
  const { file, state, sent, import: job } = upload;
  const isActive = state === "waiting" || state === "sending";
  const files = job?.files ?? 0;
  return (
    <li className="upload">
      <span className="upload-text">
        <span className="ellipsis">{file.name}</span>
        <span className="soft">
          <UploadState upload={upload} />
        </span>
        {state === "sending" && (
          <progress value={sent} max={file.size} aria-label={file.name} />
        )}
        {state === "reading" && job && (
          <progress
            value={files - job.waiting}
            max={files || 1}
            aria-label={file.name}
          />
        )}
      </span>
      {isActive && (
        <button
          type="button"
          className="button"
          onClick={() => stopUpload(upload.id)}
        >
          {texts.stop}
        </button>
      )}
      {(state === "failed" || state === "stopped") && (
        <button type="button" className="button" onClick={again}>
          {texts.again}
        </button>
      )}
    </li>
  );
}

function UploadState({ upload }: { upload: Upload }): ReactNode {
  const { sources: { upload: texts } } = useTexts();
  const format = useFormat();
  const { file, state, sent, startedAt, import: job, error } = upload;
  switch (state) {
    case "waiting":
      return texts.waiting;
    case "sending": {
      const share = file.size > 0 ? sent / file.size : 0;
      const elapsed = (Date.now() - startedAt) / 1000;
      const rest = share > 0.01 ? elapsed / share - elapsed : undefined;
      return [
        texts.sending(format.percent(share)),
        rest !== undefined && rest > 5 &&
        texts.remaining(format.duration(Math.max(rest, 60))),
      ].filter(Boolean).join(", ");
    }
    case "reading":
      return job
        ? texts.reading(
          format.number(job.files - job.waiting),
          format.number(job.files),
        )
        : "";
    case "failed":
    case "stopped":
      return `${texts.failed} ${error?.message ?? ""}`;
    case "done":
      return job ? toResult(job, { texts, format }) : "";
  }
}

/** Returns the numbers of an import in words. */
export function toResult(
  job: NonNullable<Upload["import"]>,
  { texts, format }: {
    texts: ReturnType<typeof useTexts>["sources"]["upload"];
    format: ReturnType<typeof useFormat>;
  },
): string {
  return texts.result({
    imported: format.number(job.imported),
    merged: format.number(job.merged),
    updated: format.number(job.updated),
    unchanged: format.number(job.unchanged),
    refused: format.number(job.refused),
  });
}
