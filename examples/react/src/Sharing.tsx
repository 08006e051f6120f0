import type { Athlete, RouterInputs } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Failure } from "./State";

type Visibility = RouterInputs["athletes"]["setVisibility"]["visibility"];

const CHOICES: Record<Visibility, string> = {
  private: "Only me",
  link: "Anyone with the link",
  public: "Everyone",
};

/** Lets the owner choose who may see an athlete. */
export function Sharing({ athlete }: { athlete: Athlete }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const set = useMutation({
    ...api.athletes.setVisibility.mutationOptions(),
    onSuccess: () =>
      queryClient.invalidateQueries({ queryKey: api.athletes.queryKey() }),
  });
  const link = athlete.visibility === "link" && athlete.share_token;
  return (
    <>
      <label className="row">
        Who may see {athlete.name}?
        <select
          value={athlete.visibility}
          disabled={set.isPending}
          onChange={({ target }) =>
            set.mutate({
              athlete: athlete.id,
              visibility: target.value as Visibility,
            })}
        >
          {Object.entries(CHOICES).map(([value, text]) => (
            <option key={value} value={value}>{text}</option>
          ))}
        </select>
      </label>
      {set.isError && <Failure error={set.error} retry={set.reset} />}
      {link && <ShareLink token={link} />}
    </>
  );
}

function ShareLink({ token }: { token: string }) {
  const [isCopied, setCopied] = useState(false);
  const url = new URL(location.pathname, location.href);
  url.searchParams.set("share", token);
  return (
    <p className="row">
      <a className="share" href={url.href}>{url.href}</a>
      <button
        type="button"
        onClick={() =>
          void navigator.clipboard.writeText(url.href).then(() =>
            setCopied(true)
          )}
      >
        {isCopied ? "Copied" : "Copy"}
      </button>
    </p>
  );
}
