import type { Scope } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { type ReactNode, type SubmitEvent, useRef } from "react";
import { useAction } from "../../app/use_action.ts";
import { CopyButton } from "../../parts/copy_button.tsx";
import { Field } from "../../parts/field.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** Creates an API key, and shows it once. */
export function KeyForm({ isAdmin }: { isAdmin: boolean }): ReactNode {
  const { settings: { keys: texts } } = useTexts();
  const form = useRef<HTMLFormElement>(null);
  const create = useAction(useApi().keys.create.mutationOptions(), {
    onSuccess: () => form.current?.reset(),
  });
  const scopes = Object.keys(texts.scopeNames).filter((scope) =>
    scope !== "admin" || isAdmin
  );

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const until = String(data.get("until"));
    create.mutate({
      name: String(data.get("name")),
      scopes: data.getAll("scope") as Scope[],
      // The whole last day, in the visitor's zone.
      ...until && { expires_at: new Date(`${until}T23:59:59`).toISOString() },
    });
  }

  return (
    <>
      {create.data && (
        <div className="note good" role="status">
          <p>{texts.shownOnce}</p>
          <p>
            <code className="key">{create.data.key}</code>
          </p>
          <CopyButton text={create.data.key} name={texts.copy} />
        </div>
      )}
      <details>
        <summary className="button">{texts.create}</summary>
        <form className="form" ref={form} onSubmit={submit}>
          <Field label={texts.name}>
            <input name="name" required maxLength={80} />
          </Field>
          <fieldset>
            <legend className="field-label">{texts.scopes}</legend>
            {scopes.map((scope) => (
              <label key={scope} className="check">
                <input
                  type="checkbox"
                  name="scope"
                  value={scope}
                  defaultChecked={scope === "stats:read"}
                />
                <span>
                  {texts.scopeNames[scope]} <code>{scope}</code>
                </span>
              </label>
            ))}
          </fieldset>
          <Field label={texts.expires} note={texts.expiresNote}>
            <input name="until" type="date" />
          </Field>
          {create.isError && (
            <p className="form-failure" role="alert">{create.error.message}</p>
          )}
          <button
            type="submit"
            className="button primary"
            disabled={create.isPending}
          >
            {texts.create}
          </button>
        </form>
      </details>
    </>
  );
}
