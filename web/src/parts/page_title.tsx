import { type ReactNode, useEffect } from "react";
import { useTexts } from "../texts/use_texts.ts";

/** The heading of a page, which is the title of the browser's tab too. */
export function PageTitle(
  { title, tab = title, children }: {
    title: string;
    /** Title of the browser's tab, if it is another one. */
    tab?: string;
    children?: ReactNode;
  },
): ReactNode {
  const { app } = useTexts();
  useEffect(() => {
    document.title = `${tab} · ${app.name}`;
  }, [tab, app.name]);
  return (
    <header className="page-title">
      <h1>{title}</h1>
      {children}
    </header>
  );
}
