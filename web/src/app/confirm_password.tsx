import { reasonOf } from "@paceline/sdk";
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useContext,
  useRef,
  useState,
} from "react";

// Dialogs are not needed for the first look.
const PasswordDialog = lazy(async () => ({
  default: (await import("./password_dialog.tsx")).PasswordDialog,
}));

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
      {isOpen && (
        <Suspense fallback={null}>
          <PasswordDialog onEnd={end} />
        </Suspense>
      )}
    </Context>
  );
}
