import { createClient, type SignedOut } from "@paceline/sdk";
import { ApiProvider } from "@paceline/sdk/react";
import { QueryClient } from "@tanstack/react-query";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { API_URL } from "./server";
import "./style.css";

function Root() {
  const [ended, setEnded] = useState<SignedOut>();
  const [queryClient] = useState(() => new QueryClient());
  const [client] = useState(() =>
    createClient({
      url: API_URL,
      session: {
        onSignedOut(why) {
          setEnded(why);
          // The data on screen was the user's. Fetch what anyone may see.
          void queryClient.resetQueries();
        },
      },
    })
  );
  return (
    <ApiProvider client={client} queryClient={queryClient}>
      <App ended={ended} />
    </ApiProvider>
  );
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Root />
  </StrictMode>,
);
