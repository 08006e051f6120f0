import { type ApiError, isApiError } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";

export function Login({ onCancel }: { onCancel: () => void }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const login = useMutation({
    ...api.auth.login.mutationOptions(),
    // All that was asked for as a stranger, too.
    onSuccess: () => queryClient.resetQueries(),
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    login.mutate({
      username: String(form.get("username")),
      password: String(form.get("password")),
    });
  }

  return (
    <form className="login" onSubmit={submit}>
      <h1>Log in</h1>
      <label>
        Username or e-mail
        <input
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
        />
      </label>
      <label>
        Password
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
      </label>
      {login.isError && (
        <p
          className="failure"
          role="alert"
          data-reason={isApiError(login.error) ? login.error.reason : undefined}
        >
          {toSentence(login.error)}
        </p>
      )}
      <button type="submit" className="primary" disabled={login.isPending}>
        {login.isPending ? "Logging in …" : "Log in"}
      </button>
      <button type="button" className="quiet" onClick={onCancel}>
        Continue without logging in
      </button>
    </form>
  );
}

function toSentence(error: Error | ApiError): string {
  if (!isApiError(error)) return error.message;
  const { reason, retryAfter = 0 } = error;
  if (reason === "invalid_login") return "Wrong username or password.";
  if (reason === "too_many_logins") {
    const minutes = Math.max(1, Math.ceil(retryAfter / 60_000));
    return `Too many attempts. Try again in ${minutes} minutes.`;
  }
  if (reason === "network_error") return "The server cannot be reached.";
  return error.message;
}
