import type { Login } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { Instant } from "../../db/driver/client.ts";
import type { User } from "../../db/users.ts";
import {
  type IssuedTokens,
  setSessionCookies,
} from "../auth/session_cookies.ts";
import type { Context } from "../context.ts";
import { setDeviceCookie } from "./known_devices.ts";

/** Returns the wire form of a login, with the tokens in the response or in cookies. */
export function toLogin(
  ctx: Context,
  { user, tokens, returnTokens, isLogin = false }: {
    user: User;
    tokens: IssuedTokens;
    returnTokens: boolean;
    isLogin?: boolean;
  },
): z.input<typeof Login> {
  if (!returnTokens) {
    setSessionCookies(ctx, tokens);
    if (isLogin) setDeviceCookie(ctx, { userId: user.id });
  }
  return {
    user: toUser(user),
    access_expires_at: new Instant(tokens.accessExpiresAt),
    expires_at: new Instant(tokens.expiresAt),
    ...(returnTokens
      ? {
        access_token: tokens.accessToken,
        refresh_token: tokens.refreshToken,
      }
      : {}),
  };
}

/** Returns the wire form of a user. */
export function toUser(
  { id, username, email, displayName, role }: User,
): z.input<typeof Login>["user"] {
  return { id, username, email, display_name: displayName, role };
}
