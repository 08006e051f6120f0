// Run by Node, Deno and Bun: one call of everything that a script needs.
import { createClient, formatDistance, reasonOf } from "@paceline/sdk";

const [, , url] = process.argv;
const api = createClient({ url });
const [ytd, page] = await Promise.all([
  api.stats.ytd.query(),
  api.activities.list.query({ limit: 1 }),
]);
const reason = await api.admin.status.query().catch(reasonOf);
console.log(JSON.stringify({
  count: ytd.data.run.count,
  isDate: ytd.fetched_at instanceof Date,
  total: page.total,
  reason,
  distance: formatDistance(1000, { locale: "en" }),
}));
