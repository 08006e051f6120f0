import { reasonOf } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { type ReactNode, type SubmitEvent, useRef } from "react";
import { useAction } from "../../app/use_action.ts";
import { Card } from "../../parts/card.tsx";
import { Field } from "../../parts/field.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** Changes the password. */
export function PasswordCard(): ReactNode {
  const { settings: { password: texts }, setUp } = useTexts();
  const form = useRef<HTMLFormElement>(null);
  const change = useAction(useApi().auth.changePassword.mutationOptions(), {
    onSuccess: () => form.current?.reset(),
  });

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    change.mutate({
      current_password: String(data.get("current")),
      new_password: String(data.get("new")),
    });
  }

  return (
    <Card title={texts.title}>
      <form className="form" ref={form} onSubmit={submit}>
        <Field label={texts.current}>
          <input
            name="current"
            type="password"
            autoComplete="current-password"
            required
          />
        </Field>
        <Field label={texts.new} note={setUp.passwordNote}>
          <input
            name="new"
            type="password"
            autoComplete="new-password"
            minLength={10}
            required
          />
        </Field>
        {change.isError && (
          <p className="form-failure" role="alert">
            {reasonOf(change.error) === "wrong_password"
              ? texts.wrong
              : change.error.message}
          </p>
        )}
        {change.data && (
          <p role="status">{texts.changed(change.data.revoked)}</p>
        )}
        <button type="submit" className="button" disabled={change.isPending}>
          {texts.change}
        </button>
      </form>
    </Card>
  );
}
