/** The path that the app is served under, without a slash at the end: "" or "/paceline". */
export const BASE_PATH: string = new URL(document.baseURI).pathname
  .replace(/\/$/, "");
