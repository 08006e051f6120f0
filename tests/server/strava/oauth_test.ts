import assert from "node:assert/strict";
import { StravaClient } from "../../../server/strava/client.ts";
import { StravaError } from "../../../server/strava/errors.ts";
import {
  createAuthorizeUrl,
  mayReadActivities,
  parseScopes,
} from "../../../server/strava/oauth.ts";

const APP = {
  clientId: "12345",
  clientSecret: "s3cr3t-s3cr3t",
  oauthUrl: "http://strava.test/oauth",
  apiUrl: "http://strava.test/api/v3",
};

/** A request that the client has sent. */
interface SentRequest {
  method: string;
  url: string;
  authorization: string | null;
  form: Record<string, string>;
}

function createClient(
  respond: () => Response,
): { client: StravaClient; sent: SentRequest[] } {
  const sent: SentRequest[] = [];
  const client = new StravaClient({
    ...APP,
    async fetch(input, init) {
      const request = new Request(input, init);
      sent.push({
        method: request.method,
        url: request.url,
        authorization: request.headers.get("authorization"),
        form: Object.fromEntries(new URLSearchParams(await request.text())),
      });
      return respond();
    },
  });
  return { client, sent };
}

const TOKENS = {
  token_type: "Bearer",
  access_token: "a1",
  refresh_token: "r1",
  expires_at: 1_800_000_000,
  expires_in: 21_600,
};

Deno.test("createAuthorizeUrl: returns the consent page with scopes, state and redirect", () => {
  const url = new URL(createAuthorizeUrl(APP, {
    redirectUri: "http://localhost:5001/strava/callback",
    state: "a&b=c",
  }));
  assert.equal(url.origin + url.pathname, "http://strava.test/oauth/authorize");
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    client_id: "12345",
    redirect_uri: "http://localhost:5001/strava/callback",
    response_type: "code",
    approval_prompt: "force",
    scope: "read,activity:read,activity:read_all,profile:read_all",
    state: "a&b=c",
  });
});

Deno.test("parseScopes: splits at commas or spaces and removes duplicates", () => {
  assert.deepEqual(parseScopes("read,activity:read"), [
    "read",
    "activity:read",
  ]);
  assert.deepEqual(parseScopes(" activity:read  read read"), [
    "activity:read",
    "read",
  ]);
  assert.deepEqual(
    [parseScopes(""), parseScopes(null), parseScopes(undefined)],
    [
      [],
      [],
      [],
    ],
  );
});

Deno.test("mayReadActivities: requires one of the activity scopes", () => {
  assert.equal(mayReadActivities(["read", "profile:read_all"]), false);
  assert.equal(mayReadActivities(["activity:read"]), true);
  assert.equal(mayReadActivities(["read", "activity:read_all"]), true);
});

Deno.test("exchangeCode: sends the code as a form and returns tokens and athlete", async () => {
  const { client, sent } = createClient(() =>
    Response.json({ ...TOKENS, athlete: { id: 5, bio: null, new_field: 1 } })
  );

  const exchange = await client.exchangeCode("c0d3");

  assert.deepEqual(sent, [{
    method: "POST",
    url: "http://strava.test/oauth/token",
    authorization: null,
    form: {
      client_id: "12345",
      client_secret: "s3cr3t-s3cr3t",
      code: "c0d3",
      grant_type: "authorization_code",
    },
  }]);
  assert.deepEqual(exchange, {
    access_token: "a1",
    refresh_token: "r1",
    expires_at: 1_800_000_000,
    athlete: { id: 5, bio: null, new_field: 1 },
  });
});

Deno.test("refreshTokens: returns both new tokens, and rejects a response without them", async () => {
  const { client, sent } = createClient(() => Response.json(TOKENS));
  assert.deepEqual(await client.refreshTokens("r0"), {
    access_token: "a1",
    refresh_token: "r1",
    expires_at: 1_800_000_000,
  });
  assert.deepEqual(sent[0]?.form, {
    client_id: "12345",
    client_secret: "s3cr3t-s3cr3t",
    refresh_token: "r0",
    grant_type: "refresh_token",
  });

  const { refresh_token: _, ...half } = TOKENS;
  const broken = createClient(() => Response.json(half)).client;
  const error = await broken.refreshTokens("r0").catch((cause) => cause);
  assert.ok(error instanceof StravaError);
  assert.deepEqual([error.kind, error.message], [
    "unavailable",
    "Strava's response does not have the documented shape: refresh_token",
  ]);
  assert.ok(!Deno.inspect(error).includes("a1"));
});

Deno.test("revokeToken: sends the app's credentials and accepts an empty response", async () => {
  const { client, sent } = createClient(() => new Response(null));
  await client.revokeToken("r1");
  assert.deepEqual(sent, [{
    method: "POST",
    url: "http://strava.test/oauth/revoke",
    authorization: `Basic ${btoa("12345:s3cr3t-s3cr3t")}`,
    form: { token: "r1" },
  }]);
});
