import { useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { UserOnly } from "../../app/user_only.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { ImportsCard } from "./imports_card.tsx";
import { RepairCards } from "./repair_cards.tsx";
import { RunsCard } from "./runs_card.tsx";
import { StravaCard } from "./strava_card.tsx";
import { UploadCard } from "./upload_card.tsx";

/** Where activities come from: files and Strava, how far they are, and what needs attention. */
export function Sources(): ReactNode {
  const { sources: texts, setUp } = useTexts();
  const { first } = useSearch({ from: "/sources" });
  return (
    <>
      <PageTitle title={texts.title} />
      <UserOnly>
        {(user) => (
          <>
            {first && <p className="note good" role="status">{setUp.ready}</p>}
            <div className="column">
              <UploadCard />
              <StravaCard />
              {user.role === "admin" && <RepairCards />}
              <ImportsCard />
              <RunsCard />
            </div>
          </>
        )}
      </UserOnly>
    </>
  );
}
