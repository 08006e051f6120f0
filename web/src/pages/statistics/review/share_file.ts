import { saveFile } from "../../../app/save_file.ts";

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
