/** Reports whether the request declares its body as JSON. */
export function isJson({ headers }: Request): boolean {
  const [type] = (headers.get("content-type") ?? "").split(";");
  return type!.trim().toLowerCase() === "application/json";
}
