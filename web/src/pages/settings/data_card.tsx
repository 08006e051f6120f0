import { reasonOf } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode, SubmitEvent } from "react";
import { BASE_PATH } from "../../app/base_path.ts";
import { useWithPassword } from "../../app/confirm_password.tsx";
import { Card } from "../../parts/card.tsx";
import { Field } from "../../parts/field.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** Takes everything out, or deletes it. */
export function DataCard(): ReactNode {
  const { settings: { data: texts } } = useTexts();
  return (
    <Card title={texts.title}>
      <p className="soft">{texts.text}</p>
      <div className="actions">
        <ExportButton />
        <a
          className="button"
          href={`${BASE_PATH}/strava/activities/export?format=csv`}
          download
        >
          {texts.activities}
        </a>
      </div>
      <DeleteForm />
    </Card>
  );
}

/** Starts the download. The password is confirmed first, because a download cannot ask for it. */
function ExportButton(): ReactNode {
  const { settings: { data: texts } } = useTexts();
  const withPassword = useWithPassword();
  const path = `${BASE_PATH}/api/auth/export`;
  const start = useMutation({
    mutationFn: () =>
      withPassword(async () => {
        const response = await fetch(path, { method: "HEAD" });
        if (response.status === 403) {
          throw Object.assign(new Error(), { reason: "recent_login_required" });
        }
      }),
    onSuccess: () => {
      location.href = path;
    },
  });
  return (
    <button
      type="button"
      className="button"
      disabled={start.isPending}
      onClick={() => start.mutate()}
    >
      {texts.export}
    </button>
  );
}

function DeleteForm(): ReactNode {
  const { settings: { data: texts, password } } = useTexts();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const withPassword = useWithPassword();
  const { mutationFn } = useApi().auth.deleteAccount.mutationOptions();
  const remove = useMutation({
    mutationFn: (input: { password: string }) =>
      withPassword(() => mutationFn(input)),
    retry: false,
    async onSuccess() {
      queryClient.clear();
      await navigate({ to: "/" });
    },
  });

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    remove.mutate({ password: String(form.get("password")) });
  }

  return (
    <details>
      <summary className="button danger">{texts.delete}</summary>
      <form className="form" onSubmit={submit}>
        <p>{texts.deleteText}</p>
        <Field label={password.current} note={texts.deleteSure}>
          <input
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
        </Field>
        {remove.isError && (
          <p className="form-failure" role="alert">
            {reasonOf(remove.error) === "wrong_password"
              ? password.wrong
              : remove.error.message}
          </p>
        )}
        <button
          type="submit"
          className="button danger"
          disabled={remove.isPending}
        >
          {texts.delete}
        </button>
      </form>
    </details>
  );
}
