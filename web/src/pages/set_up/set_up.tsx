import { isApiError } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode, SubmitEvent } from "react";
import { Skeleton } from "../../parts/card.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Field } from "../../parts/field.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** The first page of a new instance: creates the administrator, and leads to the sources. */
export function SetUp(): ReactNode {
  const { setUp: texts, app } = useTexts();
  const instance = useQuery(useApi().auth.instance.queryOptions());
  return (
    <div className="narrow">
      <PageTitle title={texts.title} />
      {instance.isPending
        ? <Skeleton height={420} />
        : instance.isError
        ? <Failure error={instance.error} retry={instance.refetch} />
        : instance.data.needs_set_up
        ? <SetUpForm />
        : (
          <Empty title={texts.done}>
            <Link to="/login" className="button primary">{app.logIn}</Link>
          </Empty>
        )}
    </div>
  );
}

function SetUpForm(): ReactNode {
  const { setUp: texts } = useTexts();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const setUp = useMutation({
    ...useApi().auth.setUp.mutationOptions(),
    async onSuccess() {
      queryClient.clear();
      await navigate({ to: "/sources", search: { first: true } });
    },
  });

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const read = (name: string): string => String(form.get(name));
    setUp.mutate({
      code: read("code"),
      username: read("username"),
      email: read("email"),
      password: read("password"),
    });
  }

  return (
    <form className="form card" onSubmit={submit}>
      <p>{texts.text}</p>
      <Field label={texts.code} note={texts.codeNote}>
        <input
          name="code"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          placeholder="XXXX-XXXX-XXXX-XXXX"
          required
          autoFocus
        />
      </Field>
      <Field label={texts.username}>
        <input
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          minLength={2}
          maxLength={32}
          required
        />
      </Field>
      <Field label={texts.email} note={texts.emailNote}>
        <input name="email" type="email" autoComplete="email" required />
      </Field>
      <Field label={texts.password} note={texts.passwordNote}>
        <input
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
        />
      </Field>
      {setUp.isError && (
        <p className="form-failure" role="alert">
          {toSentence(setUp.error)}
        </p>
      )}
      <button
        type="submit"
        className="button primary"
        disabled={setUp.isPending}
      >
        {setUp.isPending ? texts.submitting : texts.submit}
      </button>
    </form>
  );
}

/** Returns the failure's sentence, with the fields that are wrong. */
function toSentence(error: Error): string {
  if (!isApiError(error) || !error.issues?.length) return error.message;
  return error.issues.map(({ path, message }) => `${path}: ${message}`)
    .join(". ");
}
