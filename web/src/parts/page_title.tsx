import { type ReactNode, useEffect } from "react";
import { useTexts } from "../texts/use_texts.ts";

/** The heading of a page, which is the title of the browser's tab too. */
export function PageTitle(
  { title, children }: { title: string; children?: ReactNode },
): ReactNode {
  const { app } = useTexts();
  useEffect(() => {
    document.title = `${title} · ${app.name}`;
  }, [title, app.name]);
  return (
    <header className="page-title">
      <h1>{title}</h1>
      {children}
    </header>
  );
}
