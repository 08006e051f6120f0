import { Dialog } from "@base-ui/react/dialog";
import { reasonOf } from "@paceline/sdk";
import { useClient } from "@paceline/sdk/react";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { Field } from "../parts/field.tsx";
import { useTexts } from "../texts/use_texts.ts";

/** The dialog that asks for the password. It tells at the end whether it was confirmed. */
export function PasswordDialog(
  { onEnd }: { onEnd: (isConfirmed: boolean) => void },
): ReactNode {
  return (
    <Dialog.Root
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onEnd(false);
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <PasswordForm onConfirmed={() => onEnd(true)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PasswordForm({ onConfirmed }: { onConfirmed: () => void }): ReactNode {
  const { settings: { password: texts }, app } = useTexts();
  const client = useClient();
  const [failure, setFailure] = useState<string>();

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const password = String(
      new FormData(event.currentTarget).get("password"),
    );
    try {
      await client.auth.confirmPassword.mutate({ password });
      onConfirmed();
    } catch (error) {
      setFailure(
        reasonOf(error) === "wrong_password"
          ? texts.wrong
          : (error as Error).message,
      );
    }
  }

  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <Dialog.Title>{texts.confirmTitle}</Dialog.Title>
      <Field label={texts.current}>
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          autoFocus
        />
      </Field>
      {failure && <p className="form-failure" role="alert">{failure}</p>}
      <div className="actions">
        <Dialog.Close className="button">{app.cancel}</Dialog.Close>
        <button type="submit" className="button primary">
          {texts.confirm}
        </button>
      </div>
    </form>
  );
}
