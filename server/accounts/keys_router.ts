import {
  ApiKey,
  ApiKeys,
  CreateKeyInput,
  NewApiKey,
  RenameKeyInput,
  RevokeKeyInput,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { type ApiKey as KeyRow, listApiKeys } from "../../db/api_keys.ts";
import type { Context } from "../context.ts";
import { AppError, type Reason } from "../errors.ts";
import {
  RECENT_LOGIN_MINUTES,
  recentPasswordProcedure,
  router,
  sessionProcedure,
} from "../trpc.ts";
import {
  createUserKey,
  type KeyOwner,
  type KeyRefusal,
  MAX_KEYS,
  renameUserKey,
  revokeUserKey,
} from "./api_keys.ts";

/** The procedures with which users manage their own API keys, in a session. No API key may call them. */
export const keysRouter = router({
  /** Creates a key. */
  create: recentPasswordProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/keys",
        tags: ["keys"],
        summary: "Create an API key",
        description:
          "Returns the key, which is not shown again. Needs a session whose password was entered " +
          `in the last ${RECENT_LOGIN_MINUTES} minutes. A user may have ${MAX_KEYS} keys that are ` +
          "neither revoked nor expired.",
      },
      errors: ["admin_only", "too_many_keys"],
      example: { last_used_at: null, last_used_address: null },
    })
    .input(CreateKeyInput)
    .output(NewApiKey)
    .mutation(async ({ ctx, input: { name, scopes, expires_at } }) => {
      const created = await createUserKey(ctx, {
        ...toOwner(ctx),
        name,
        scopes,
        expiresAt: parseExpiry(expires_at, ctx.now()),
      });
      if ("refusal" in created) throw new AppError(REASONS[created.refusal]);
      return { key: created.text, ...toKey(created.key, ctx.now()) };
    }),

  /** Lists all keys, live or not. */
  list: sessionProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/api/keys",
        tags: ["keys"],
        summary: "List your API keys",
        description:
          "All keys, revoked and expired ones included, newest first, with the time and address of " +
          "their last use.",
      },
    })
    .output(ApiKeys)
    .query(async ({ ctx }) => {
      const keys = await listApiKeys(ctx.sql, { userId: ctx.user.id });
      return { data: keys.map((key) => toKey(key, ctx.now())) };
    }),

  /** Renames a key. */
  rename: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/keys/rename",
        tags: ["keys"],
        summary: "Rename an API key",
        description: "The key and its scopes stay the same.",
      },
      errors: ["key_not_found"],
    })
    .input(RenameKeyInput)
    .output(ApiKey)
    .mutation(async ({ ctx, input }) =>
      toFoundKey(ctx, await renameUserKey(ctx, { ...toOwner(ctx), ...input }))
    ),

  /** Revokes a key. */
  revoke: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/keys/revoke",
        tags: ["keys"],
        summary: "Revoke an API key",
        description:
          "The key stops working immediately and permanently. Revoking a revoked key changes nothing.",
      },
      errors: ["key_not_found"],
      example: { active: false, revoked_at: "2025-12-06T10:12:44Z" },
    })
    .input(RevokeKeyInput)
    .output(ApiKey)
    .mutation(async ({ ctx, input }) =>
      toFoundKey(ctx, await revokeUserKey(ctx, { ...toOwner(ctx), ...input }))
    ),
});

/** The API error for each refusal. */
const REASONS = {
  account_gone: "session_expired",
  not_admin: "admin_only",
  too_many_keys: "too_many_keys",
} as const satisfies Record<KeyRefusal, Reason>;

function toOwner(
  { user, session }: { user: { id: string }; session: { id: string } },
): KeyOwner {
  return { userId: user.id, sessionId: session.id };
}

/** Throws for a time in the past: a key that has already expired is probably a mistake. */
function parseExpiry(text: string | undefined, now: number): Date | null {
  if (text === undefined) return null;
  const expiry = new Date(text);
  if (expiry.getTime() > now) return expiry;
  throw new AppError("invalid_input", {
    issues: [{ path: "expires_at", message: "must be in the future" }],
  });
}

/** Returns the wire form of a key. Throws the same error for another user's key as for a missing one. */
function toFoundKey(
  { now }: Context,
  key: KeyRow | undefined,
): z.input<typeof ApiKey> {
  if (!key) throw new AppError("key_not_found");
  return toKey(key, now());
}

/** Returns the wire form of a key; the only place a column becomes a public field. */
function toKey(key: KeyRow, now: number): z.input<typeof ApiKey> {
  const isExpired = key.expiresAt !== null && key.expiresAt.getTime() <= now;
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes as z.input<typeof ApiKey>["scopes"],
    active: !isExpired && key.revokedAt === null,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    last_used_at: key.lastUsedAt,
    last_used_address: key.lastUsedAddress,
    revoked_at: key.revokedAt,
  };
}
