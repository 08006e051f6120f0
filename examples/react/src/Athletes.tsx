import { useApi, useClient } from "@paceline/sdk/react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { API_URL } from "./server";
import { Sharing } from "./Sharing";
import { Failure, Loading } from "./State";
import { Statistics } from "./Statistics";

/** Whether the browser returns from Strava. The newest athlete is then shown first. */
const HAS_CONNECTED =
  new URLSearchParams(location.search).get("strava") === "success";

/** Shows one of the user's athletes and lets the user choose. */
export function Athletes() {
  const list = useQuery(useApi().athletes.list.queryOptions());
  const [chosen, setChosen] = useState<number>();
  if (list.isPending) return <Loading />;
  if (list.isError) return <Failure error={list.error} retry={list.refetch} />;
  const athletes = list.data.data;
  if (athletes.length === 0) return <Nobody />;
  const shown = athletes.find(({ id }) => id === chosen) ??
    athletes
      .toSorted((a, b) =>
        HAS_CONNECTED
          ? b.connected_at.getTime() - a.connected_at.getTime()
          : Number(b.is_default) - Number(a.is_default)
      )[0];
  return (
    <>
      <section className="panel" aria-label="Athletes">
        <div className="row">
          <ul className="athletes">
            {athletes.map((athlete) => (
              <li key={athlete.id}>
                <button
                  type="button"
                  aria-pressed={athlete === shown}
                  onClick={() => setChosen(athlete.id)}
                >
                  {athlete.name}
                </button>
              </li>
            ))}
          </ul>
          <Connect />
        </div>
        {shown && <Sharing key={shown.id} athlete={shown} />}
      </section>
      {shown && <Statistics athlete={shown.id} />}
    </>
  );
}

function Nobody() {
  return (
    <section className="panel empty">
      <h1>Nothing here yet</h1>
      <p>Connect your Strava account to see your activities here.</p>
      <Connect isFirst />
    </section>
  );
}

/** Connects Strava within the current session. */
function Connect({ isFirst = false }: { isFirst?: boolean }) {
  const client = useClient();
  const connect = useMutation({
    mutationFn: async () => {
      // A link cannot refresh the session first. A call does.
      await client.auth.me.query();
      location.assign(`${API_URL}/strava/connect`);
    },
  });
  return (
    <button
      type="button"
      className={isFirst ? "primary" : ""}
      disabled={connect.isPending}
      onClick={() => connect.mutate()}
    >
      {isFirst ? "Connect Strava" : "Connect another athlete"}
    </button>
  );
}
