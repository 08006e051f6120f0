/** Where the server is; with an empty VITE_API_URL at the page's own address. */
export const API_URL: string = import.meta.env["VITE_API_URL"] ??
  "http://localhost:5001";
