/** A server of a schedule, in this process or its own. */
export interface Server extends AsyncDisposable {
  id: number;
  /** Resolves when it has ended for any reason. */
  dead: Promise<void>;
  /** Reports whether it runs and was not asked to end. */
  isAlive(): boolean;
  /** Reports whether it ended without being stopped or killed. */
  hasCrashed(): boolean;
  /** Returns its response; `undefined` if it died before. */
  fetch(request: Request): Promise<Response | undefined>;
  /** Runs a tick of its schedule. A process runs only its own ticks. */
  tick(options: { unfinished: boolean }): Promise<void>;
  /** Runs the maintenance of push events. A process runs only its own. */
  maintain(options: { isStart: boolean }): Promise<void>;
  /** Ends it like kill -9: all its work stops at once. */
  kill(): void;
  /** Ends it like SIGTERM. */
  stop(): Promise<void>;
  /** Reports whether it may work in the background. */
  isBusy(): boolean;
  /** Waits until its background work has ended, as far as that can be observed. */
  idle(): Promise<void>;
  /** Returns its log. */
  log(): Promise<string>;
}

/** The options of every server of a schedule. */
export interface ServerOptions {
  id: number;
  databaseUrl: string;
  stravaUrl: string;
  env: Record<string, string>;
  now: () => number;
}
