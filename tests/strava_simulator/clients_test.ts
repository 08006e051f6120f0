/**
 * Checks the simulator with third-party clients: arctic for OAuth, strava-v3 for the API.
 * Both have Strava's address built in, so the test rewrites the host of their requests.
 */
import assert from "node:assert/strict";
import { Strava as ArcticStrava } from "arctic";
import stravaModule from "strava-v3";
import axiosUtility from "strava-v3/axiosUtility.js";
import {
  createStrava,
  serveStrava,
  type Strava,
} from "../../strava_simulator/simulator.ts";
import {
  generateAthlete,
  generateHistory,
} from "../../demo/history/history.ts";
import { SCOPES, START } from "./simulator.ts";

/** The types declare an ES default export, but the CommonJS module is the client itself. */
const stravaV3 = stravaModule as unknown as typeof stravaModule.default;

const REAL = "https://www.strava.com";
const CALLBACK = "http://localhost:8000/callback";
const ID = 4_200_001;

interface Rig extends AsyncDisposable {
  strava: Strava;
  clock: { now: number };
  url: string;
}

/** A served simulator that receives both clients' requests instead of Strava. */
function createRig(): Rig {
  const clock = { now: START };
  const strava = createStrava({ now: () => clock.now, autoApprove: true });
  strava.addAthlete(
    generateAthlete({ seed: 3, athleteId: ID }),
    generateHistory({
      seed: 3,
      athleteId: ID,
      count: 250,
      years: 2,
      now: START,
    }),
  );
  const server = serveStrava(strava);
  const original = globalThis.fetch;
  globalThis.fetch = (input, init) =>
    input instanceof Request
      ? original(new Request(input.url.replace(REAL, server.url), input), init)
      : original(input, init);
  const { request } = axiosUtility.axiosInstance.interceptors;
  const hook = request.use((config: { baseURL?: string; url?: string }) => ({
    ...config,
    baseURL: config.baseURL?.replace(REAL, server.url) ?? "",
    url: config.url?.replace(REAL, server.url) ?? "",
  }));
  return {
    strava,
    clock,
    url: server.url,
    async [Symbol.asyncDispose]() {
      request.eject(hook);
      globalThis.fetch = original;
      await server.close();
    },
  };
}

/** Follows a client's authorization link and returns the code in its callback. */
async function authorize(rig: Rig, link: string): Promise<URLSearchParams> {
  const response = await fetch(link.replace(REAL, rig.url), {
    redirect: "manual",
  });
  await response.body?.cancel();
  assert.equal(response.status, 302);
  return new URL(response.headers.get("Location") ?? "").searchParams;
}

Deno.test("arctic: authorizes, exchanges a code and refreshes", async () => {
  await using rig = createRig();
  const { clientId, clientSecret } = rig.strava;
  const client = new ArcticStrava(clientId, clientSecret, CALLBACK);

  const link = client.createAuthorizationURL("the-state", SCOPES);
  const params = await authorize(rig, link.href);
  const tokens = await client.validateAuthorizationCode(
    params.get("code") ?? "",
  );
  rig.clock.now += 5.5 * 3600_000;
  const renewed = await client.refreshAccessToken(tokens.refreshToken());

  assert.equal(params.get("state"), "the-state");
  assert.equal(tokens.tokenType(), "Bearer");
  assert.equal(tokens.accessTokenExpiresInSeconds(), 21_600);
  assert.deepEqual(new Set(tokens.scopes()), new Set(SCOPES));
  assert.notEqual(renewed.accessToken(), tokens.accessToken());
  assert.equal(renewed.refreshToken(), rig.strava.grants.liveRefreshToken(ID));
  await assert.rejects(client.refreshAccessToken(tokens.refreshToken()));
});

/** Connects strava-v3 as its README describes and returns it with its token. */
async function connect(
  rig: Rig,
): Promise<{ access_token: string; refresh_token: string }> {
  stravaV3.config({
    access_token: "unused",
    client_id: rig.strava.clientId,
    client_secret: rig.strava.clientSecret,
    redirect_uri: CALLBACK,
  });
  const link = await stravaV3.oauth.getRequestAccessURL({
    scope: SCOPES.join(","),
  });
  const params = await authorize(rig, link);
  return await stravaV3.oauth.getToken(params.get("code") ?? "");
}

Deno.test("strava-v3: gets a token, refreshes and deauthorizes", async () => {
  await using rig = createRig();

  const { access_token, refresh_token } = await connect(rig);
  rig.clock.now += 5.5 * 3600_000;
  const renewed = await stravaV3.oauth.refreshToken(refresh_token);
  await stravaV3.oauth.deauthorize({ access_token: renewed.access_token });

  assert.notEqual(renewed.access_token, access_token);
  assert.equal(rig.strava.grants.get(ID), undefined);
});

Deno.test("strava-v3: reads athlete, all pages, an activity, streams and gear", async () => {
  await using rig = createRig();
  const { access_token } = await connect(rig);

  const athlete = await stravaV3.athlete.get({ access_token });
  const ids: unknown[] = [];
  for (let page = 1;; page++) {
    const list = await stravaV3.athlete.listActivities({
      access_token,
      page,
      per_page: 100,
    });
    if (list.length === 0) break;
    ids.push(...list.map((activity) => Number(activity.id)));
  }
  const simulated = [...rig.strava.athletes.get(ID)?.activities.values() ?? []];
  const ride = simulated.find((activity) =>
    activity.type === "Ride" && activity.gear_id
  );
  assert.ok(ride?.gear_id);
  const detail = await stravaV3.activities.get({
    access_token,
    id: String(ride.id),
  });
  const streams = await stravaV3.streams.activity({
    access_token,
    id: String(ride.id),
    keys: ["time", "distance"],
    key_by_type: true,
  });
  const gear = await stravaV3.gear.get({ access_token, id: ride.gear_id });

  assert.equal(athlete.id, ID);
  assert.deepEqual(new Set(ids), new Set(simulated.map(({ id }) => id)));
  assert.equal(ids.length, 250);
  assert.equal(detail.name, ride.name);
  assert.deepEqual(Object.keys(streams).sort(), ["distance", "time"]);
  assert.equal(gear.id, ride.gear_id);
});

Deno.test("strava-v3: reads the rate limits, also from a 429", async () => {
  await using rig = createRig();
  const { access_token } = await connect(rig);
  rig.strava.rateLimit.spend(99);

  await stravaV3.athlete.get({ access_token });
  assert.equal(stravaV3.rateLimiting.readFractionReached(), 1);
  await assert.rejects(stravaV3.athlete.get({ access_token }), {
    statusCode: 429,
  });

  assert.equal(stravaV3.rateLimiting.readFractionReached(), 1.01);
  assert.ok(stravaV3.rateLimiting.readExceeded());
});

Deno.test("strava-v3: creates, lists and deletes a webhook subscription", async () => {
  await using rig = createRig();
  await connect(rig);
  await using callback = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen: () => {},
  }, (request) => {
    const challenge = new URL(request.url).searchParams.get("hub.challenge");
    return Response.json({ "hub.challenge": challenge });
  });

  const created = await stravaV3.pushSubscriptions.create({
    callback_url: `http://127.0.0.1:${callback.addr.port}/webhook`,
    verify_token: "token",
  });
  const listed = await stravaV3.pushSubscriptions.list();
  await stravaV3.pushSubscriptions.delete({ id: String(created.id) });

  assert.deepEqual(listed.map(({ id }) => id), [created.id]);
  assert.equal(rig.strava.push.subscription, null);
});
