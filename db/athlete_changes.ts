import { type Listener, openListener } from "./driver/listener.ts";

/** The channel on which the trigger of `athletes` announces committed changes. */
const CHANNEL = "paceline_athletes";

/** Functions that are called with committed changes. */
export interface ChangeHandlers {
  /** Called when an athlete's data has changed. */
  onAthlete: (id: number) => void;
  /**
   * Called when any answer may be out of date: another athlete may be served from now on, or messages
   * were missed.
   */
  onAny: () => void;
}

/**
 * Opens a connection that reports committed changes of athletes. Each change of an athlete's data
 * increments its `data_version`, which the trigger sees.
 */
export function listenForChanges(
  url: string,
  { onAthlete, onAny }: ChangeHandlers,
): Listener {
  return openListener(url, {
    channel: CHANNEL,
    onMessage: (message) => message ? onAthlete(Number(message)) : onAny(),
    onGap: onAny,
  });
}
