import { Dialog } from "@base-ui/react/dialog";
import { reasonOf } from "@paceline/sdk";
import { useClient } from "@paceline/sdk/react";
import {
  createContext,
  type ReactNode,
  type SubmitEvent,
  useContext,
  useRef,
  useState,
} from "react";
import { Field } from "../parts/field.tsx";
import { useTexts } from "../texts/use_texts.ts";

/** Runs work that may need a recently entered password. */
type WithPassword = <Output>(work: () => Promise<Output>) => Promise<Output>;

const Context = createContext<WithPassword>((work) => work());

/** Returns a function that runs work, and asks for the password if the server wants it confirmed. */
export function useWithPassword(): WithPassword {
  return useContext(Context);
}

/** Provides the dialog that asks for the password. */
export function PasswordProvider(
  { children }: { children: ReactNode },
): ReactNode {
  const waiting = useRef<((isConfirmed: boolean) => void) | undefined>(
    undefined,
  );
  const [isOpen, setOpen] = useState(false);

  function end(isConfirmed: boolean): void {
    setOpen(false);
    waiting.current?.(isConfirmed);
    waiting.current = undefined;
  }

  const withPassword: WithPassword = async (work) => {
    try {
      return await work();
    } catch (error) {
      if (reasonOf(error) !== "recent_login_required") throw error;
      const isConfirmed = await new Promise<boolean>((resolve) => {
        waiting.current = resolve;
        setOpen(true);
      });
      if (!isConfirmed) throw error;
      return await work();
    }
  };

  return (
    <Context value={withPassword}>
      {children}
      <Dialog.Root
        open={isOpen}
        onOpenChange={(isOpen) => {
          if (!isOpen) end(false);
        }}
      >
        <Dialog.Portal>
          <Dialog.Backdrop className="backdrop" />
          <Dialog.Popup className="dialog">
            <PasswordForm onConfirmed={() => end(true)} />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </Context>
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
