import type { ReactNode } from "react";
import { UserOnly } from "../../app/user_only.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { AppearanceCard } from "./appearance_card.tsx";
import { AuditCard } from "./audit_card.tsx";
import { DataCard } from "./data_card.tsx";
import { KeysCard } from "./keys_card.tsx";
import { PasswordCard } from "./password_card.tsx";
import { SessionsCard } from "./sessions_card.tsx";
import { SharingCard } from "./sharing_card.tsx";
import { SystemCard } from "./system_card.tsx";

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
