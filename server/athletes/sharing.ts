import {
  listSharedAthletes,
  lockSharing,
  type Sharing,
  updateSharing,
  type Visibility,
} from "../../db/athlete_sharing.ts";
import type { Sql } from "../../db/driver/client.ts";
import { createToken, hashToken } from "../auth/token.ts";
import { type Deps, forEachAthlete } from "../context.ts";
import { SealError } from "../crypto/encryption.ts";

/** The column that a sealed token is bound to. It cannot be opened for another column or athlete. */
const COLUMN = "share_token";

/**
 * Sets an athlete's visibility; returns `false` if the athlete does not exist any more. The first
 * `link` creates a share link, `public` keeps it, and `private` deletes it, so that it does not work
 * again later.
 */
export async function setVisibility(
  { sql, seal }: { sql: Sql; seal: Deps["seal"] },
  { athleteId, visibility }: { athleteId: number; visibility: Visibility },
): Promise<boolean> {
  const sharing = await lockSharing(sql, { id: athleteId });
  if (!sharing) return false;
  const { shareHash, shareToken } = sharing;
  const link = visibility === "private"
    ? { shareHash: null, shareToken: null }
    : visibility === "link" && shareToken === null
    ? await createLink(seal, athleteId)
    : { shareHash, shareToken };
  await updateSharing(sql, { id: athleteId, visibility, ...link });
  return true;
}

/** Replaces an athlete's share link by a new one; returns `false` if there is no link. */
export async function renewLink(
  { sql, seal }: { sql: Sql; seal: Deps["seal"] },
  { athleteId }: { athleteId: number },
): Promise<boolean> {
  const sharing = await lockSharing(sql, { id: athleteId });
  if (!sharing?.shareToken) return false;
  const link = await createLink(seal, athleteId);
  await updateSharing(sql, { ...sharing, id: athleteId, ...link });
  return true;
}

async function createLink(
  seal: Deps["seal"],
  athleteId: number,
): Promise<Pick<Sharing, "shareHash" | "shareToken">> {
  const token = createToken("ps");
  return {
    shareHash: hashToken(token),
    shareToken: await seal.seal(token, { athleteId, column: COLUMN }),
  };
}

/**
 * Returns the token of a share link; null if the sealing key is lost. Renewing the link repairs that.
 */
export async function openShareToken(
  { seal, log }: Pick<Deps, "seal" | "log">,
  { athleteId, shareToken }: { athleteId: number; shareToken: string | null },
): Promise<string | null> {
  if (shareToken === null) return null;
  return await seal.open(shareToken, { athleteId, column: COLUMN })
    .catch((cause) => {
      if (!(cause instanceof SealError)) throw cause;
      log.error("Cannot open the share token of athlete {athleteId}", {
        athleteId,
        cause,
      });
      return null;
    });
}

/**
 * Seals share tokens again that an old key has sealed; returns their number. A link whose key is lost
 * still works, but can no longer be shown.
 */
export async function resealLinks(
  deps: Pick<Deps, "sql" | "seal" | "log" | "background">,
): Promise<number> {
  const { sql, seal, log } = deps;
  let count = 0;
  await forEachAthlete(deps, await listSharedAthletes(sql), {
    task: "seal the share link",
    work: async (athleteId) => {
      if (await sql.begin((tx) => reseal(tx, athleteId))) count++;
    },
  });
  return count;

  async function reseal(tx: Sql, athleteId: number): Promise<boolean> {
    const sharing = await lockSharing(tx, { id: athleteId });
    if (!sharing?.shareToken || !seal.isOutdated(sharing.shareToken)) {
      return false;
    }
    const { shareToken } = sharing;
    const token = await openShareToken({ seal, log }, {
      athleteId,
      shareToken,
    });
    if (token === null) return false;
    await updateSharing(tx, {
      ...sharing,
      id: athleteId,
      shareToken: await seal.seal(token, { athleteId, column: COLUMN }),
    });
    return true;
  }
}
