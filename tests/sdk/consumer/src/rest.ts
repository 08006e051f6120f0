// A client of the REST paths, typed by what openapi-typescript makes of the document.
import createClient from "openapi-fetch";
import type { components, paths } from "./openapi.js";

type Schemas = components["schemas"];

export const activity = (each: Schemas["Activity"]): Schemas["HeartRate"] =>
  each.heart_rate;

export async function readRest(baseUrl: string): Promise<string> {
  const api = createClient<paths>({ baseUrl });
  const { data, error } = await api.GET("/strava/activities", {
    params: { query: { limit: 2, activity_type: "Run" } },
  });
  if (error) {
    const problem: Schemas["Problem"] = error;
    throw new Error(`${problem.reason}: ${problem.detail}`);
  }
  const page: Schemas["ActivityPage"] = data;
  // @ts-expect-error no such path
  await api.GET("/strava/weather");
  await api.GET("/strava/stats/totals", {
    // @ts-expect-error a value that the parameter does not take
    params: { query: { by: "colour" } },
  });
  // @ts-expect-error no such field
  page.data[0]?.colour;
  return page.data.map(({ start_date, type }) => `${start_date} ${type}`).join();
}
