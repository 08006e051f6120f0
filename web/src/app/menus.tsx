import { Menu } from "@base-ui/react/menu";
import { useApi } from "@paceline/sdk/react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Icon } from "../parts/icon.tsx";
import { useTexts } from "../texts/use_texts.ts";
import { BASE_PATH } from "./base_path.ts";
import { type Choices, choose, useChoices } from "./choices.ts";
import { PAGES, PLACES } from "./pages.ts";
import { useVisitor } from "./session.ts";

const THEMES = ["system", "light", "dark"] as const;

/** The menu of the visitor: the colours, the documentation, and the way out. */
export function VisitorMenu(): ReactNode {
  const { app } = useTexts();
  const visitor = useVisitor();
  const { theme } = useChoices();
  const logout = useMutation(useApi().auth.logout.mutationOptions());
  return (
    <Menu.Root>
      <Menu.Trigger className="button quiet">
        <Icon name={visitor.kind === "user" ? "person" : "more"} />
        {visitor.kind === "user"
          ? <span className="ellipsis">{visitor.user.display_name}</span>
          : <span className="visually-hidden">{app.more}</span>}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="menu-place" sideOffset={6} align="end">
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
                  <Menu.RadioItem key={each} value={each} className="menu-item">
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
  );
}

/** The pages that have no place in a phone's bar. */
export function MorePages(): ReactNode {
  const { app } = useTexts();
  return (
    <Menu.Root>
      <Menu.Trigger className="more-pages">
        <Icon name="more" />
        <span>{app.more}</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner
          className="menu-place"
          side="top"
          sideOffset={6}
          align="end"
        >
          <Menu.Popup className="menu">
            {PAGES.slice(PLACES).map(({ to, name, icon }) => (
              <Menu.Item
                key={to}
                className="menu-item"
                render={<Link to={to} />}
              >
                <Icon name={icon} />
                {app[name] as string}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
