import { type ApiError, isApiError } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import type { ReactNode, SubmitEvent } from "react";
import { Field } from "../../parts/field.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import type { Texts } from "../../texts/en.ts";
import { useTexts } from "../../texts/use_texts.ts";

/** The form to log in. */
export function Login(): ReactNode {
  const { login: texts, empty, errors } = useTexts();
  const instance = useQuery(useApi().auth.instance.queryOptions());
  const { why, to = "/" } = useSearch({ from: "/login" });
  const router = useRouter();
  const queryClient = useQueryClient();
  const login = useMutation({
    ...useApi().auth.login.mutationOptions(),
    async onSuccess() {
      // Everything that was asked for as a guest, too.
      queryClient.clear();
      router.history.push(to);
      await router.invalidate();
    },
  });

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    login.mutate({
      username: String(form.get("username")),
      password: String(form.get("password")),
    });
  }

  return (
    <div className="narrow">
      <PageTitle title={texts.title} />
      {instance.data?.needs_set_up && (
        <p className="note">
          {empty.setUpText} <Link to="/set-up">{empty.setUp}</Link>
        </p>
      )}
      {why && (
        <p className="note" role="status">
          {why === "expired" ? texts.expired : texts.loggedOut}
        </p>
      )}
      <form className="form card" onSubmit={submit}>
        <Field label={texts.username}>
          <input
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            autoFocus
          />
        </Field>
        <Field label={texts.password}>
          <input
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
        </Field>
        {login.isError && (
          <p className="form-failure" role="alert">
            {toSentence(login.error, { login: texts, errors })}
          </p>
        )}
        <button
          type="submit"
          className="button primary"
          disabled={login.isPending}
        >
          {login.isPending ? texts.submitting : texts.submit}
        </button>
      </form>
    </div>
  );
}

function toSentence(
  error: Error | ApiError,
  { login, errors }: Pick<Texts, "login" | "errors">,
): string {
  if (!isApiError(error)) return error.message;
  const { reason, retryAfter = 0 } = error;
  switch (reason) {
    case "invalid_login":
      return login.invalid;
    case "too_many_logins":
      return login.tooMany(Math.max(1, Math.ceil(retryAfter / 60_000)));
    case "network_error":
      return errors.network;
    default:
      return error.message;
  }
}
