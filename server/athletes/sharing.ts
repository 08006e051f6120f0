import {
  listSharedAthletes,
  lockSharing,
  type Sharing,
  updateSharing,
  type Visibility,
} from "../../db/athlete_access.ts";
import type { Sql } from "../../db/driver/client.ts";
import type { Deps } from "../context.ts";
import { SealError } from "../crypto/seal.ts";
import { createToken, hashToken } from "../auth/token.ts";

/** Where a token is sealed: a sealed text is worth nothing elsewhere. */
const COLUMN = "share_token";

/**
 * Decides who may see an athlete. A link is made with the first `link`, stays when everyone may see
 * the athlete, and is forgotten with `private`, so that nobody who had it comes back with it.
 * `false` for an athlete who is not there any more.
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

/** Makes a new link in the place of the one that there is; `false` where there is none. */
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

/** The token of a link; null where its key is lost, which a new link mends. */
export async function openLink(
  { seal, log }: Pick<Deps, "seal" | "log">,
  { athleteId, shareToken }: { athleteId: number; shareToken: string | null },
): Promise<string | null> {
  if (shareToken === null) return null;
  return await seal.open(shareToken, { athleteId, column: COLUMN })
    .catch((cause) => {
      if (!(cause instanceof SealError)) throw cause;
      log.error("The share link of athlete {athleteId} cannot be opened", {
        athleteId,
        cause,
      });
      return null;
    });
}

/**
 * Seals anew, under the current key, the links that an old one has sealed; returns how many. One
 * whose key is lost still opens the athlete, but cannot be shown any more.
 */
export async function resealLinks(
  { sql, seal, log }: Pick<Deps, "sql" | "seal" | "log">,
): Promise<number> {
  let count = 0;
  for (const athleteId of await listSharedAthletes(sql)) {
    if (await sql.begin((tx) => reseal(tx, athleteId))) count++;
  }
  return count;

  async function reseal(tx: Sql, athleteId: number): Promise<boolean> {
    const sharing = await lockSharing(tx, { id: athleteId });
    if (!sharing?.shareToken || !seal.isOutdated(sharing.shareToken)) {
      return false;
    }
    const { shareToken } = sharing;
    const token = await openLink({ seal, log }, { athleteId, shareToken });
    if (token === null) return false;
    await updateSharing(tx, {
      ...sharing,
      id: athleteId,
      shareToken: await seal.seal(token, { athleteId, column: COLUMN }),
    });
    return true;
  }
}
