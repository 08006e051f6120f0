import { reasonOf, type SignedOut } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Account } from "./Account";
import { Athletes } from "./Athletes";
import { Login } from "./Login";
import { Connected } from "./Connected";
import { Loading } from "./State";
import { Statistics } from "./Statistics";

/** `?share=ps_...`: the athlete of a share link, which needs no login. */
const SHARED = new URLSearchParams(location.search).get("share");

export function App({ ended }: { ended: SignedOut | undefined }) {
  const me = useQuery(useApi().auth.me.queryOptions());
  const [isLoggingIn, setLoggingIn] = useState<boolean>();
  const user = me.data?.user;
  const isLogin = isLoggingIn ?? ended !== undefined;
  useEffect(() => setLoggingIn(undefined), [user, ended]);
  const isStranger = me.isError && reasonOf(me.error) !== "network_error";
  return (
    <>
      <header>
        <a className="brand" href={location.pathname}>Paceline</a>
        {user
          ? <Account user={user} />
          : isStranger && !isLogin && (
            <button type="button" onClick={() => setLoggingIn(true)}>
              Log in
            </button>
          )}
      </header>
      <main>
        {!user && ended && <SignedOutNote why={ended} />}
        {(user || !ended) && <Connected />}
        {SHARED
          ? <Statistics athlete={SHARED} />
          : me.isPending
          ? <Loading />
          : user
          ? <Athletes />
          : isLogin
          ? <Login onCancel={() => setLoggingIn(false)} />
          : <Statistics />}
      </main>
    </>
  );
}

function SignedOutNote({ why }: { why: SignedOut }) {
  return (
    <p className="note-box" role="note">
      {why === "expired"
        ? "Your session has expired. Log in again."
        : "You are logged out."}
    </p>
  );
}
