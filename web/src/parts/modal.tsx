import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";

/** A dialog over the page. It is open as long as it is drawn. */
export function Modal(
  { title, onClose, children }: {
    title: string;
    onClose: () => void;
    children: ReactNode;
  },
): ReactNode {
  return (
    <Dialog.Root
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog wide">
          <Dialog.Title className="dialog-title">{title}</Dialog.Title>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
