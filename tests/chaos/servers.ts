/** A server of a schedule, wherever it runs. */
export interface Server extends AsyncDisposable {
  id: number;
  /** Resolves when it is dead, however that came about. */
  dead: Promise<void>;
  isAlive(): boolean;
  /** Whether it ended although nobody asked it to. */
  hasCrashed(): boolean;
  /** Its answer; undefined when it died before it gave one. */
  fetch(request: Request): Promise<Response | undefined>;
  /** What its schedule does at a tick; a process has only the ticks of its own. */
  tick(options: { unfinished: boolean }): Promise<void>;
  /** What its schedule does for push events; a process does it by itself. */
  tend(options: { isStart: boolean }): Promise<void>;
  /** Ends it as kill -9 does: nothing of it runs on. */
  kill(): void;
  /** Ends it as SIGTERM does. */
  stop(): Promise<void>;
  /** Whether it may be at work in the background. */
  isBusy(): boolean;
  /** Waits until it has nothing to do, where that can be seen from outside. */
  idle(): Promise<void>;
  /** What it logged. */
  log(): Promise<string>;
}

/** What every server of a schedule shares. */
export interface Surroundings {
  databaseUrl: string;
  now: () => number;
}
