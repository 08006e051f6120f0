import type { ReactNode } from "react";
import { Menu } from "@base-ui/react/menu";
import { useApi } from "@paceline/sdk/react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Icon } from "../parts/icon.tsx";
import { useTexts } from "../texts/use_texts.ts";
import { BASE_PATH } from "./base_path.ts";
import { type Choices, choose, useChoices } from "./choices.ts";
import { useVisitor } from "./session.ts";

const THEMES = ["system", "light", "dark"] as const;

/** The menu of the visitor: who they are, the colours, and the way out. */
export function VisitorMenu(): ReactNode {
  const { app } = useTexts();
  const visitor = useVisitor();
  const { theme } = useChoices();
  const logout = useMutation(useApi().auth.logout.mutationOptions());
  const name = visitor.kind === "user" ? visitor.user.display_name : app.more;
  return (
    <div className="visitor">
      {visitor.kind === "guest" && (
        <Link to="/login" className="button">{app.logIn}</Link>
      )}
      <Menu.Root>
        <Menu.Trigger className="button quiet">
          <Icon name={visitor.kind === "user" ? "person" : "more"} />
          <span className={visitor.kind === "user" ? "" : "visually-hidden"}>
            {name}
          </span>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="end">
            <Menu.Popup className="menu">
              <Menu.Group>
                <Menu.GroupLabel className="menu-label">
                  {app.theme}
                </Menu.GroupLabel>
                <Menu.RadioGroup
                  value={theme}
                  onValueChange={(value: Choices["theme"]) =>
                    choose({ theme: value })}
                >
                  {THEMES.map((each) => (
                    <Menu.RadioItem
                      key={each}
                      value={each}
                      className="menu-item"
                    >
                      <span className="menu-check">
                        <Menu.RadioItemIndicator>
                          <Icon name="check" />
                        </Menu.RadioItemIndicator>
                      </span>
                      {app.themes[each]}
                    </Menu.RadioItem>
                  ))}
                </Menu.RadioGroup>
              </Menu.Group>
              <Menu.Separator className="menu-line" />
              <Menu.Item
                className="menu-item"
                render={<a href={`${BASE_PATH}/docs`} />}
              >
                {app.api}
              </Menu.Item>
              {visitor.kind === "user" && (
                <Menu.Item
                  className="menu-item"
                  onClick={() => logout.mutate()}
                >
                  {app.logOut}
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </div>
  );
}
