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
import {
  endKey,
  type KeyOwner,
  type KeyRefusal,
  makeApiKey,
  renameKey,
} from "./api_keys.ts";
import type { Context } from "../context.ts";
import { AppError, type Reason } from "../errors.ts";
import { recentSessionProcedure, router, sessionProcedure } from "../trpc.ts";

/** A user's API keys: whoever is logged in sees and ends their own. No key opens this. */
export const keysRouter = router({
  /** Makes a key. */
  create: recentSessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/keys",
        tags: ["keys"],
        summary: "Make an API key",
        description:
          "Answers with the key, this once. Needs a session whose password was given within 10 " +
          "minutes. A user may have 50 keys that are neither revoked nor expired.",
      },
      errors: ["admin_only", "too_many_keys"],
      example: { last_used_at: null, last_used_address: null },
    })
    .input(CreateKeyInput)
    .output(NewApiKey)
    .mutation(async ({ ctx, input: { name, scopes, expires_at } }) => {
      const made = await makeApiKey(ctx, {
        ...ownerOf(ctx),
        name,
        scopes,
        expiresAt: readExpiry(expires_at, ctx.now()),
      });
      if ("refusal" in made) throw new AppError(REASONS[made.refusal]);
      return { key: made.text, ...toKey(made.key, ctx.now()) };
    }),

  /** Every key, live or not. */
  list: sessionProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/api/keys",
        tags: ["keys"],
        summary: "Your API keys",
        description:
          "Revoked and expired ones too, newest first, with when and from where each was last used.",
      },
    })
    .output(ApiKeys)
    .query(async ({ ctx }) => {
      const keys = await listApiKeys(ctx.sql, { userId: ctx.user.id });
      return { data: keys.map((key) => toKey(key, ctx.now())) };
    }),

  /** Calls a key otherwise. */
  rename: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/keys/rename",
        tags: ["keys"],
        summary: "Rename an API key",
        description: "What it opens stays as it is.",
      },
      errors: ["key_not_found"],
    })
    .input(RenameKeyInput)
    .output(ApiKey)
    .mutation(async ({ ctx, input }) =>
      found(ctx, await renameKey(ctx, { ...ownerOf(ctx), ...input }))
    ),

  /** Ends a key. */
  revoke: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/keys/revoke",
        tags: ["keys"],
        summary: "Revoke an API key",
        description:
          "From now on it opens nothing, for good. Of a key that is revoked already nothing changes.",
      },
      errors: ["key_not_found"],
      example: { active: false, revoked_at: "2025-12-06T10:12:44Z" },
    })
    .input(RevokeKeyInput)
    .output(ApiKey)
    .mutation(async ({ ctx, input }) =>
      found(ctx, await endKey(ctx, { ...ownerOf(ctx), ...input }))
    ),
});

const REASONS = {
  account_gone: "session_expired",
  not_admin: "admin_only",
  too_many_keys: "too_many_keys",
} as const satisfies Record<KeyRefusal, Reason>;

function ownerOf(
  { user, session }: { user: { id: string }; session: { id: string } },
): KeyOwner {
  return { userId: user.id, sessionId: session.id };
}

/** A key that would open nothing is more likely a mistake. */
function readExpiry(text: string | undefined, now: number): Date | null {
  if (text === undefined) return null;
  const expiry = new Date(text);
  if (expiry.getTime() > now) return expiry;
  throw new AppError("invalid_input", {
    issues: [{ path: "expires_at", message: "lies in the past" }],
  });
}

/** Another user's key is as little there as one that nobody has. */
function found(
  { now }: Context,
  key: KeyRow | undefined,
): z.input<typeof ApiKey> {
  if (!key) throw new AppError("key_not_found");
  return toKey(key, now());
}

/** The wire form of a key; the only place a column becomes a public field. */
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
