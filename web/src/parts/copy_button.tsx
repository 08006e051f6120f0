import { type ReactNode, useState } from "react";
import { useTexts } from "../texts/use_texts.ts";

/** Time for which the button says that the text was copied, in milliseconds. */
const SHOWN_MS = 2000;

/** A button that copies a text. */
export function CopyButton(
  { text, name }: { text: string; name: string },
): ReactNode {
  const { settings: { sharing } } = useTexts();
  const [isCopied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  }
  return (
    <button type="button" className="button" onClick={() => void copy()}>
      <span aria-live="polite">{isCopied ? sharing.copied : name}</span>
    </button>
  );
}
