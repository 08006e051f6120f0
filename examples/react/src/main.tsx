import { createClient } from "@paceline/sdk";
import { ApiProvider } from "@paceline/sdk/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import "./style.css";

const api = createClient({
  url: import.meta.env["VITE_API_URL"] ?? "http://localhost:5001",
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ApiProvider client={api}>
      <App />
    </ApiProvider>
  </StrictMode>,
);
