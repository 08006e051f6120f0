import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { UserOnly } from "../../app/user_only.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { AppearanceCard } from "./appearance_card.tsx";
import { AuditCard } from "./audit_card.tsx";
import { DataCard } from "./data_card.tsx";
import { KeysCard } from "./keys_card.tsx";
import { PasswordCard } from "./password_card.tsx";
import { PrivacyCard } from "./privacy_card.tsx";
import { SessionsCard } from "./sessions_card.tsx";
import { SharingCard } from "./sharing_card.tsx";
import { SystemCard } from "./system_card.tsx";
import { ValuesCard } from "./values_card.tsx";

/** The visitor's choices for this browser, and a user's account. */
export function Settings(): ReactNode {
  const { settings: texts } = useTexts();
  return (
    <>
      <PageTitle title={texts.title} />
      <div className="column">
        <AppearanceCard />
        <UserOnly>
          {({ role }) => (
            <>
              <SharingCard />
              <AthleteCards />
              <PasswordCard />
              <SessionsCard />
              <KeysCard isAdmin={role === "admin"} />
              <DataCard />
              {role === "admin" && <SystemCard />}
              {role === "admin" && <AuditCard />}
            </>
          )}
        </UserOnly>
      </div>
    </>
  );
}

/** The cards of the user's own athlete, if there is one. */
function AthleteCards(): ReactNode {
  const athletes = useQuery(useApi().athletes.list.queryOptions());
  if (!athletes.data || athletes.data.data.length === 0) return null;
  return (
    <>
      <PrivacyCard />
      <ValuesCard />
    </>
  );
}
