import assert from "node:assert/strict";
import { buildWebApp, DIST } from "../../web/build/build.ts";

/** Most bytes of JavaScript, gzipped, that the first page may load. */
const MAX_BYTES = 160 * 1024;
/** Files that only pages with charts or maps may load. */
const HEAVY = /u-legend|maplibregl/;

Deno.test("web app: loads at most 160 KB of scripts for the first page", async () => {
  await buildWebApp();
  const html = await Deno.readTextFile(`${DIST}/index.html`);
  const scripts = [...html.matchAll(/"\.\/(assets\/[^"]+\.js)"/g)]
    .map(([, path]) => path!);
  // The overview is a chunk that the first page asks for by itself.
  for await (const { name } of Deno.readDir(`${DIST}/assets`)) {
    if (/^overview.*\.js$/.test(name)) scripts.push(`assets/${name}`);
  }
  let bytes = 0;
  for (const script of new Set(scripts)) {
    bytes += (await Deno.stat(`${DIST}/${script}.gz`)).size;
    const text = await Deno.readTextFile(`${DIST}/${script}`);
    assert.doesNotMatch(text, HEAVY, script);
  }
  assert.ok(scripts.length > 2);
  assert.ok(bytes <= MAX_BYTES, `${bytes} bytes`);
});
