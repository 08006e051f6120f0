import { createClient } from "@paceline/sdk";
import { ApiProvider } from "@paceline/sdk/react";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { applyTheme } from "./app/choices.ts";
import { restrictScripts } from "./app/trusted_types.ts";
import { queryClient, router } from "./router.tsx";
import "./style/app.css";
import { TextsProvider } from "./texts/texts_provider.tsx";

restrictScripts();
applyTheme();

const client = createClient({
  url: document.baseURI,
  session: {
    onSignedOut(why) {
      // The data on screen were the user's.
      queryClient.clear();
      void router.navigate({
        to: "/login",
        search: { why, to: router.state.location.href },
      });
    },
  },
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <TextsProvider>
      <ApiProvider client={client} queryClient={queryClient}>
        <RouterProvider router={router} />
      </ApiProvider>
    </TextsProvider>
  </StrictMode>,
);
