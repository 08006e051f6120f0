/** Reports whether the browser can hand pictures to other apps. */
export function canShareFiles(): boolean {
  // Browsers without it have no such functions.
  if (!("canShare" in navigator)) return false;
  return navigator.canShare({
    files: [new File([], "picture.png", { type: "image/png" })],
  });
}

/** Hands a file to another app of the visitor's choice. A visitor who chooses none has not failed. */
export async function shareFile(file: File, title: string): Promise<void> {
  try {
    await navigator.share({ files: [file], title });
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") return;
    saveFile(file);
  }
}

/** Saves a file among the browser's downloads. */
export function saveFile(file: File): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
