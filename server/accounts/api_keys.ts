import { lockUser } from "../../db/accounts.ts";
import {
  type ApiKey,
  countLiveApiKeys,
  insertApiKey,
  renameApiKey,
  revokeApiKey,
} from "../../db/api_keys.ts";
import type { Pool } from "../../db/driver/client.ts";
import { type AuditContext, record } from "../audit.ts";
import { createApiKeyText, hashToken } from "../auth/token.ts";

/** So many of a user's keys open something at once: more is a program that makes them by mistake. */
export const MAX_KEYS = 50;

/** Whose key it is, and by which session, if any, it is changed. */
export interface KeyOwner {
  userId: string;
  sessionId?: string;
}

type Deps = AuditContext & { sql: Pool };

/** Why a user gets no key. */
export type KeyRefusal = "account_gone" | "not_admin" | "too_many_keys";

/**
 * Makes a key, whose text is nowhere but in the answer. The lock on the user's row makes sure that
 * of two made at once both are counted, and that none outlives the account.
 */
export async function makeApiKey(
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

/** Calls a key otherwise; `undefined` where the user has no such key. */
export async function renameKey(
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

/** Ends a key; once more changes nothing. `undefined` where the user has no such key. */
export async function endKey(
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
