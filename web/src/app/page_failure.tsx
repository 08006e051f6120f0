import type { ReactNode } from "react";
import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { Empty } from "../parts/empty.tsx";
import { useTexts } from "../texts/use_texts.ts";

/** The page of an address that leads nowhere. */
export function NotFound(): ReactNode {
  const { errors } = useTexts();
  return (
    <Empty title={errors.notFound}>
      <Link to="/" className="button primary">{errors.toOverview}</Link>
    </Empty>
  );
}

/** The page of a failure in the app itself, such as a chunk that could not be loaded. */
export function PageFailure({ error, reset }: ErrorComponentProps): ReactNode {
  const { errors } = useTexts();
  return (
    <div className="failure" role="alert">
      <p>{errors.unexpected} {error instanceof Error ? error.message : ""}</p>
      <button
        type="button"
        className="button"
        onClick={() => {
          reset();
          location.reload();
        }}
      >
        {errors.retry}
      </button>
    </div>
  );
}
