import * as z from "zod";
import { Instant } from "./parts.ts";

/** A permission of an API key. */
export const Scope = z.enum([
  "stats:read",
  "activities:read",
  "activities:read_private",
  "activities:write",
  "athlete:read",
  "athlete:write",
  "sync:write",
  "export:read",
  "import:write",
  "admin",
]).meta({
  id: "Scope",
  description:
    "A permission of an API key. `activities:read_private` shows the key owner's private " +
    "activities. `admin` requires an administrator",
});

/** Lists show the name on one line. */
const KeyName = z.string().trim().min(1).max(80).refine(
  (name) => !/\p{Cc}/u.test(name),
  "must be one line without control characters",
).meta({
  description: "Name that its owner gave the key",
  example: "Shortcut on the phone",
});

const KeyId = z.uuid().meta({
  description: "The key's id. It is not secret",
  example: "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11",
});

/** The name, scopes and expiry of a new key. */
export const CreateKeyInput = z.strictObject({
  name: KeyName,
  scopes: z.array(Scope).min(1).max(Scope.options.length).refine(
    (scopes) => new Set(scopes).size === scopes.length,
    "must not name a scope twice",
  ).meta({
    description: "Permissions, at least one",
    example: ["stats:read", "sync:write"],
  }),
  expires_at: z.iso.datetime({ offset: true }).meta({
    description:
      "When the key expires. Without it, the key is valid until it is revoked",
    example: "2026-12-06T00:00:00Z",
  }).optional(),
});

/** The new name of a key. */
export const RenameKeyInput = z.strictObject({ id: KeyId, name: KeyName });

/** The key to revoke. */
export const RevokeKeyInput = z.strictObject({ id: KeyId });

const keyFields = {
  id: KeyId,
  name: z.string().meta({
    description: "Name that its owner gave the key",
    example: "Shortcut on the phone",
  }),
  prefix: z.string().meta({
    description: "First characters of the key",
    example: "pl_Ab3dE9xZ",
  }),
  scopes: z.array(Scope).meta({ example: ["stats:read", "sync:write"] }),
  active: z.boolean().meta({
    description: "Whether the key is valid: neither revoked nor expired",
    example: true,
  }),
  created_at: Instant.meta({ description: "When the key was created" }),
  expires_at: Instant.nullable().meta({
    description: "When the key expires. Null if it does not",
    example: null,
  }),
  last_used_at: Instant.nullable().meta({
    description:
      "Time of last use, accurate to a minute. Null before the first use",
  }),
  last_used_address: z.string().nullable().meta({
    description: "IP address of the last use",
    example: "203.0.113.7",
  }),
  revoked_at: Instant.nullable().meta({
    description: "When the key was revoked. Null if it was not",
    example: null,
  }),
};

/** An API key, without the key itself. */
export const ApiKey = z.object(keyFields).meta({
  id: "ApiKey",
  description: "An API key, without the key itself",
});

/** A new API key, with the key itself. */
export const NewApiKey = z.object({
  key: z.string().meta({
    description: "The key itself. It is shown only once and not stored",
    example: "pl_Ab3dE9xZ_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
  }),
  ...keyFields,
}).meta({
  id: "NewApiKey",
  description: "A new API key. Only this response contains the key itself",
});

/** All keys of a user, newest first. */
export const ApiKeys = z.object({ data: z.array(ApiKey) }).meta({
  id: "ApiKeys",
  description:
    "All keys of a user, newest first, including revoked and expired ones",
});
