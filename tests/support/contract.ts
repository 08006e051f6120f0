import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

interface Media {
  schema: unknown;
  example?: unknown;
  examples?: Record<string, unknown>;
}

interface Answer {
  content?: Record<string, Media>;
  headers: Record<string, unknown>;
}

export interface Operation {
  operationId: string;
  method: string;
  path: string;
  tags: string[];
  responses: Record<string, Answer>;
}

/** The OpenAPI document as a check of responses. It records which responses it has checked. */
export interface Contract {
  operations: Operation[];
  /** Fails if the document does not describe this response, down to the last field. */
  check(method: string, path: string, response: Response): Promise<void>;
  /** Every response that the document describes: operation, status and, for errors, the reason. */
  described: Set<string>;
  /** The described responses that were checked. */
  seen: Set<string>;
  /** Reports whether a value fits the schema at a path of the document. */
  isValid(pointer: readonly string[], value: unknown): boolean;
}

export function createContract(document: Record<string, unknown>): Contract {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  formats.default(ajv);
  // The schemas are part of a document that is not itself a schema.
  ajv.addVocabulary(Object.keys(document));
  ajv.addSchema(document, "document");
  const operations = readOperations(document);
  const seen = new Set<string>();

  function isValid(pointer: readonly string[], value: unknown): boolean {
    const escaped = pointer.map((part) =>
      encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))
    );
    return ajv.validate({ $ref: `document#/${escaped.join("/")}` }, value);
  }

  async function check(
    method: string,
    path: string,
    response: Response,
  ): Promise<void> {
    const { pathname } = new URL(path, "http://localhost");
    const at = `${method} ${path} ${response.status}`;
    const operation = operations.find((known) =>
      known.method === method.toLowerCase() && matches(known.path, pathname)
    );
    assert.ok(operation, `${at}: no such operation`);
    const text = await response.text();
    const status = String(response.status);
    const answer = operation.responses[status];
    assert.ok(answer, `${at}: the status is not described: ${text}`);
    const { "retry-after": retryAfter, ...always } = answer.headers;
    for (const header of Object.keys(always)) {
      assert.ok(response.headers.has(header), `${at}: no ${header}`);
    }
    const isLimited =
      /"reason":"(busy|strava_rate_limited|too_many_(downloads|logins|requests))"/
        .test(text);
    assert.equal(response.headers.has("retry-after"), isLimited, at);
    if (isLimited) assert.ok(retryAfter, `${at}: Retry-After is not described`);
    if (!answer.content) {
      assert.equal(text, "", `${at}: has a body`);
      seen.add(toName(operation, status));
      return;
    }
    const type = response.headers.get("content-type") ?? "";
    const media = answer.content[type];
    assert.ok(media, `${at}: the content type ${type} is not described`);
    const body = type.includes("json") && !type.includes("jsonl")
      ? JSON.parse(text)
      : text;
    const pointer = ["responses", status, "content", type, "schema"];
    assert.ok(
      isValid(["paths", operation.path, operation.method, ...pointer], body),
      `${at}: ${ajv.errorsText()}: ${text}`,
    );
    if (media.examples) {
      assert.ok(body.reason in media.examples, `${at}: no ${body.reason} here`);
      assert.equal(body.status, response.status, at);
    }
    seen.add(toName(operation, status, media.examples && body.reason));
  }

  const described = new Set(operations.flatMap(listAnswers));
  return { operations, check, described, seen, isValid };
}

/** Reports whether a URL path matches a path such as `/strava/activities/{id}`. */
function matches(path: string, pathname: string): boolean {
  const pattern = path.replaceAll(/\{\w+\}/g, "[1-9]\\d*");
  return new RegExp(`^${pattern}$`).test(pathname);
}

function readOperations(document: Record<string, unknown>): Operation[] {
  const paths = document["paths"] as Record<string, Record<string, Operation>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method,
      path,
    }))
  );
}

function listAnswers(operation: Operation): string[] {
  return Object.entries(operation.responses).flatMap(([status, { content }]) =>
    Object.values(content ?? {}).flatMap((media) =>
      Object.keys(media.examples ?? {})
    ).map((reason) => toName(operation, status, reason)).concat(
      content?.["application/problem+json"] ? [] : toName(operation, status),
    )
  );
}

function toName(
  { operationId }: Operation,
  status: string,
  reason?: string,
): string {
  return [operationId, status, reason].filter(Boolean).join(" ");
}
