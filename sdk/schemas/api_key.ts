import * as z from "zod";
import { Instant } from "./parts.ts";

/** One thing that an API key may be allowed to do. */
export const Scope = z.enum([
  "stats:read",
  "activities:read",
  "activities:read_private",
  "sync:write",
  "export:read",
  "admin",
]).meta({
  id: "Scope",
  description:
    "One thing that an API key may be allowed to do; `activities:read_private` shows the private " +
    "ones of the key's owner, `admin` is for administrators",
});

/** A name is one line: lists show it. */
const KeyName = z.string().trim().min(1).max(80).refine(
  (name) => !/\p{Cc}/u.test(name),
  "must be one line without control characters",
).meta({
  description: "What its owner calls it",
  example: "Shortcut on the phone",
});

const KeyId = z.uuid().meta({
  description: "The key's `id`, which is no secret",
  example: "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11",
});

/** What a new key is to be called and allowed, and until when. */
export const CreateKeyInput = z.strictObject({
  name: KeyName,
  scopes: z.array(Scope).min(1).max(Scope.options.length).refine(
    (scopes) => new Set(scopes).size === scopes.length,
    "names a scope more than once",
  ).meta({
    description: "What it may do, at least one thing",
    example: ["stats:read", "sync:write"],
  }),
  expires_at: z.iso.datetime({ offset: true }).meta({
    description: "When it ends; without it, not until it is revoked",
    example: "2026-12-06T00:00:00Z",
  }).optional(),
});

/** Which key gets which name. */
export const RenameKeyInput = z.strictObject({ id: KeyId, name: KeyName });

/** Which key ends. */
export const RevokeKeyInput = z.strictObject({ id: KeyId });

const keyFields = {
  id: KeyId,
  name: z.string().meta({ example: "Shortcut on the phone" }),
  prefix: z.string().meta({
    description: "How the key begins",
    example: "pl_Ab3dE9xZ",
  }),
  scopes: z.array(Scope).meta({ example: ["stats:read", "sync:write"] }),
  active: z.boolean().meta({
    description: "Whether it opens anything: neither revoked nor expired",
    example: true,
  }),
  created_at: Instant,
  expires_at: Instant.nullable().meta({
    description: "Null where it ends only by being revoked",
    example: null,
  }),
  last_used_at: Instant.nullable().meta({
    description: "To the minute; null before the first use",
  }),
  last_used_address: z.string().nullable().meta({
    description: "Where it was used from then",
    example: "203.0.113.7",
  }),
  revoked_at: Instant.nullable().meta({ example: null }),
};

/** An API key, without the key itself. */
export const ApiKey = z.object(keyFields).meta({
  id: "ApiKey",
  description: "An API key, without the key itself",
});

/** A new API key: the only time that the key itself is shown. */
export const NewApiKey = z.object({
  key: z.string().meta({
    description: "The key itself: it is shown this once and stored nowhere",
    example: "pl_Ab3dE9xZ_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
  }),
  ...keyFields,
}).meta({
  id: "NewApiKey",
  description: "A new API key: the only time that the key itself is shown",
});

/** All keys of a user, newest first. */
export const ApiKeys = z.object({ data: z.array(ApiKey) }).meta({
  id: "ApiKeys",
  description: "All keys of a user, revoked and expired ones too, newest first",
});
