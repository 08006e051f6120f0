import type { Grant } from "../../db/grants.ts";
import type { Seal } from "../crypto/encryption.ts";

/** The tokens of an athlete's grant, sealed or in the clear. */
export type TokenPair = Pick<
  Grant,
  "athleteId" | "accessToken" | "refreshToken"
>;

/** Seals both tokens of a grant. */
export async function sealTokens(
  { athleteId, accessToken, refreshToken }: TokenPair,
  seal: Seal,
): Promise<Omit<TokenPair, "athleteId">> {
  return {
    accessToken: await seal.seal(accessToken, {
      athleteId,
      column: "access_token",
    }),
    refreshToken: await seal.seal(refreshToken, {
      athleteId,
      column: "refresh_token",
    }),
  };
}

/** Unseals one token of a grant. @throws {SealError} if its key is lost. */
export function unsealToken(
  grant: TokenPair,
  column: "access_token" | "refresh_token",
  seal: Seal,
): Promise<string> {
  const sealed = column === "access_token"
    ? grant.accessToken
    : grant.refreshToken;
  return seal.open(sealed, { athleteId: grant.athleteId, column });
}
