/** A short message that goes away by itself. */
export interface Notice {
  text: string;
  kind?: "bad";
  /** A button next to the text. */
  action?: { name: string; run: () => void };
}

type Listener = (notice: Notice) => void;

const waiting: Notice[] = [];
const starts = new Set<() => void>();
let show: Listener | undefined;

/** Shows a message at the edge of the page. The code that draws it is loaded for the first one. */
export function notify(notice: Notice): void {
  if (show) {
    show(notice);
    return;
  }
  waiting.push(notice);
  for (const start of starts) start();
}

/** Calls a function when there is a first message. Returns a function that ends this. */
export function onFirstNotice(start: () => void): () => void {
  starts.add(start);
  return () => starts.delete(start);
}

/** Reports whether there has been a message. */
export function hasNotices(): boolean {
  return show !== undefined || waiting.length > 0;
}

/** Takes the messages that wait, and all further ones. Returns a function that ends this. */
export function takeNotices(listener: Listener): () => void {
  show = listener;
  for (const notice of waiting.splice(0)) listener(notice);
  return () => {
    if (show === listener) show = undefined;
  };
}
