import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTexts } from "../texts/use_texts.ts";

/** A button that asks before it acts. The question replaces it, so that the answer is where the finger is. */
export function ConfirmButton(
  { children, question, confirm, onConfirm, disabled = false, className = "" }:
    {
      children: ReactNode;
      question: string;
      /** Text of the button that acts. Default: that of the first button. */
      confirm?: string;
      onConfirm: () => void;
      disabled?: boolean;
      className?: string;
    },
): ReactNode {
  const { app } = useTexts();
  const [isAsking, setAsking] = useState(false);
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) cancel.current?.focus();
  }, [isAsking]);
  if (!isAsking) {
    return (
      <button
        type="button"
        className={`button ${className}`}
        disabled={disabled}
        onClick={() => setAsking(true)}
      >
        {children}
      </button>
    );
  }
  return (
    <div
      className="question"
      role="group"
      aria-label={question}
      onKeyDown={(event) => {
        if (event.key === "Escape") setAsking(false);
      }}
    >
      <p>{question}</p>
      <button
        type="button"
        ref={cancel}
        className="button"
        onClick={() => setAsking(false)}
      >
        {app.cancel}
      </button>
      <button
        type="button"
        className="button danger"
        onClick={() => {
          setAsking(false);
          onConfirm();
        }}
      >
        {confirm ?? children}
      </button>
    </div>
  );
}
