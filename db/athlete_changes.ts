import { type Listener, openListener } from "./driver/listener.ts";

/** The channel on which triggers of `athletes` and `sync_state` announce committed changes. */
const CHANNEL = "paceline_athletes";

/** Whether both triggers exist. A distributed database has none: they would notify other servers (docs/scale.md). */
const IS_ANNOUNCED = `(
  select count(*) = 2
  from pg_trigger
  where tgname in ('athletes_announce_change', 'sync_state_announce_new_data')
    and tgrelid in ('athletes'::regclass, 'sync_state'::regclass)
)`;

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
    isAnnounced: IS_ANNOUNCED,
    onMessage: (message) => message ? onAthlete(Number(message)) : onAny(),
    onGap: onAny,
  });
}
