import {
  type ApiKey,
  countLiveApiKeys,
  insertApiKey,
  renameApiKey,
  revokeApiKey,
} from "../../db/api_keys.ts";
import type { Pool } from "../../db/driver/client.ts";
import { lockUser } from "../../db/users.ts";
import { type AuditContext, record } from "../audit.ts";
import { createApiKeyText, hashToken } from "../auth/token.ts";

/** Maximum number of live keys per user. A user with more probably has a faulty program. */
export const MAX_KEYS = 50;

/** The owner of a key, and the session that changes it, if any. */
export interface KeyOwner {
  userId: string;
  sessionId?: string;
}

type Deps = AuditContext & { sql: Pool };

/** The reason why a key was not created. */
export type KeyRefusal = "account_gone" | "not_admin" | "too_many_keys";

/**
 * Creates an API key and returns its text, which is stored nowhere. Locks the user's row, so that
 * concurrent calls cannot exceed {@link MAX_KEYS} and no key outlives the account.
 */
export async function createUserKey(
  deps: Deps,
  { userId, sessionId, name, scopes, expiresAt }: KeyOwner & {
    name: string;
    scopes: readonly string[];
    expiresAt: Date | null;
  },
): Promise<{ text: string; key: ApiKey } | { refusal: KeyRefusal }> {
  const now = new Date(deps.now());
  return await deps.sql.begin(async (sql) => {
    const account = await lockUser(sql, { id: userId });
    if (!account?.isActive) return { refusal: "account_gone" };
    if (scopes.includes("admin") && account.role !== "admin") {
      return { refusal: "not_admin" };
    }
    const count = await countLiveApiKeys(sql, { userId, now });
    if (count >= MAX_KEYS) return { refusal: "too_many_keys" };
    const { text, prefix } = createApiKeyText();
    const key = await insertApiKey(sql, {
      userId,
      name,
      prefix,
      hash: hashToken(text),
      scopes,
      expiresAt,
      now,
    });
    await record({ ...deps, sql }, "key_created", {
      userId,
      sessionId,
      apiKeyId: key.id,
      detail: { prefix, scopes: [...scopes] },
    });
    return { text, key };
  });
}

/** Renames a key; returns `undefined` if the user has no such key. */
export async function renameUserKey(
  deps: Deps,
  { userId, sessionId, id, name }: KeyOwner & { id: string; name: string },
): Promise<ApiKey | undefined> {
  return await deps.sql.begin(async (sql) => {
    const key = await renameApiKey(sql, { userId, id, name });
    if (!key) return undefined;
    await record({ ...deps, sql }, "key_renamed", {
      userId,
      sessionId,
      apiKeyId: id,
      detail: { prefix: key.prefix },
    });
    return key;
  });
}

/**
 * Revokes a key; returns `undefined` if the user has no such key. Revoking it again changes nothing
 * and records nothing.
 */
export async function revokeUserKey(
  deps: Deps,
  { userId, sessionId, id }: KeyOwner & { id: string },
): Promise<ApiKey | undefined> {
  return await deps.sql.begin(async (sql) => {
    const now = new Date(deps.now());
    const revoked = await revokeApiKey(sql, { userId, id, now });
    if (!revoked) return undefined;
    const { key, isFirst } = revoked;
    if (isFirst) {
      await record({ ...deps, sql }, "key_revoked", {
        userId,
        sessionId,
        apiKeyId: id,
        detail: { prefix: key.prefix },
      });
    }
    return key;
  });
}
