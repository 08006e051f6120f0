import { Toast } from "@base-ui/react/toast";
import { type ReactNode, useEffect } from "react";
import { Icon } from "../parts/icon.tsx";
import { useTexts } from "../texts/use_texts.ts";
import { takeNotices } from "./notices.ts";

/** Milliseconds that a message stays, and one with a button, which takes longer to reach. */
const SHORT_MS = 5_000;
const LONG_MS = 12_000;

const manager = Toast.createToastManager();

/** The short messages, at the lower edge of the page. */
export function NoticeArea(): ReactNode {
  useEffect(() =>
    takeNotices(({ text, kind, action }) => {
      const id = manager.add({
        title: text,
        ...kind && { type: kind },
        priority: kind === "bad" ? "high" : "low",
        timeout: action || kind === "bad" ? LONG_MS : SHORT_MS,
        ...action && {
          actionProps: {
            children: action.name,
            onClick() {
              manager.close(id);
              action.run();
            },
          },
        },
      });
    }), []);
  return (
    <Toast.Provider toastManager={manager}>
      <Toast.Portal>
        <Toast.Viewport className="notices">
          <Notices />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Notices(): ReactNode {
  const { app } = useTexts();
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="notice">
      <Toast.Content className="notice-content">
        <Toast.Title className="notice-text" render={<p />} />
        {toast.actionProps && <Toast.Action className="button" />}
        <Toast.Close className="button quiet" aria-label={app.close}>
          <Icon name="close" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
