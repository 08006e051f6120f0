import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import {
  ArchiveRefused,
  EntryRefused,
} from "../../../server/recordings/archive/archive_entry.ts";
import {
  isArchive,
  readArchive,
} from "../../../server/recordings/archive/read_archive.ts";
import {
  join,
  tarEntry,
  tarFile,
  toStream,
  zipEntry,
  zipFile,
} from "./archive_file.ts";

const text = (content: string) => new TextEncoder().encode(content);

/** Returns name and content, or the reason, of each entry, and the reason of the end. */
async function readAll(
  bytes: Uint8Array,
  { pieceBytes, maxBytes = 1000, maxEntries, skips = () => false }: {
    pieceBytes?: number;
    maxBytes?: number;
    maxEntries?: number;
    skips?: (name: string) => boolean;
  } = {},
): Promise<string[]> {
  const list: string[] = [];
  try {
    const archive = readArchive(
      toStream(bytes, pieceBytes),
      maxEntries === undefined ? {} : { maxEntries },
    );
    for await (const entry of archive) {
      if (skips(entry.name)) continue;
      try {
        const content = await entry.bytes({ maxBytes });
        list.push(`${entry.name}: ${new TextDecoder().decode(content)}`);
      } catch (error) {
        assert.ok(error instanceof EntryRefused, String(error));
        list.push(`${entry.name}: !${error.reason}`);
      }
    }
  } catch (error) {
    assert.ok(error instanceof ArchiveRefused, String(error));
    list.push(`!${error.reason}`);
  }
  return list;
}

// Signatures, also of descriptors, may occur in the data.
const TRICKY = join([
  text("PKPKP"),
  zipEntry({ name: "inner", data: text("PK"), descriptor: "signed" }),
  text("PK\u0001\u0002PK\u0003\u0004PK\u0007\u0008P"),
]);

Deno.test("readArchive: reads each form of a ZIP entry, in pieces of any size", async () => {
  const forms = [
    {},
    { zip64: true },
    { descriptor: "signed" },
    { descriptor: "unsigned" },
    { descriptor: "signed64", zip64: true },
    { descriptor: "unsigned64", zip64: true },
  ] as const;
  const entries = forms.flatMap((form, i) => [
    { name: `stored ${i}`, data: TRICKY, stored: true, ...form },
    { name: `deflated ${i}`, data: TRICKY, ...form },
    { name: `empty ${i}`, data: text(""), stored: true, ...form },
  ]);
  const expected = entries.map(({ name, data }) =>
    `${name}: ${new TextDecoder().decode(data)}`
  );

  for (const pieceBytes of [1, 7, 65_536]) {
    assert.deepEqual(await readAll(zipFile(entries), { pieceBytes }), expected);
  }
});

Deno.test("readArchive: skips what is not read", async () => {
  const entries = ["a", "b", "c", "d"].map((name, i) => ({
    name,
    data: TRICKY,
    ...(i % 2 ? { descriptor: "signed" as const } : {}),
  }));

  assert.deepEqual(
    (await readAll(zipFile(entries), { skips: (name) => name < "c" }))
      .map((line) => line[0]),
    ["c", "d"],
  );
});

Deno.test("readArchive: refuses single entries and reads the others", async () => {
  const data = text("x");
  const zip = zipFile([
    { name: "../up", data },
    { name: "/root", data },
    { name: "a\\..\\..\\up", data },
    { name: "C:\\windows", data },
    { name: "folder/", data: text("") },
    { name: "locked", data, flags: 1 },
    { name: "locked later", data, flags: 1, descriptor: "signed" },
    { name: "lzma", data, method: 14 },
    { name: "wrong crc", data, crc: 1 },
    { name: "no deflate", data: text("hello"), stored: true, method: 8 },
    { name: "long", data: new Uint8Array(1001) },
    { name: "twice", data: text("1") },
    { name: "twice", data: text("2") },
  ]);

  assert.deepEqual(await readAll(zip), [
    "../up: !unsafe_name",
    "/root: !unsafe_name",
    "a/../../up: !unsafe_name",
    "C:/windows: !unsafe_name",
    "locked: !encrypted",
    "locked later: !encrypted",
    "lzma: !unsupported",
    "wrong crc: !damaged",
    "no deflate: !damaged",
    "long: !too_large",
    "twice: 1",
    "twice: 2",
  ]);
});

Deno.test("readArchive: stops inflating a bomb at the limit", async () => {
  const bomb = zipEntry({ name: "bomb", data: new Uint8Array(50_000_000) });
  // It claims to be small.
  new DataView(bomb.buffer).setUint32(22, 10, true);

  assert.deepEqual(
    await readAll(zipFile([bomb, { name: "next", data: text("x") }]), {
      maxBytes: 1_000_000,
    }),
    ["bomb: !too_large", "next: x"],
  );
});

Deno.test("readArchive: reads up to a cut end and says so", async () => {
  const whole = zipFile([
    { name: "a", data: text("1") },
    { name: "b", data: text("2"), descriptor: "signed" },
    { name: "c", data: text("3") },
  ]);

  for (let length = 4; length < whole.length - 8; length++) {
    const list = await readAll(whole.subarray(0, length));
    assert.equal(list.at(-1), "!damaged", String(length));
  }
});

Deno.test("readArchive: reads TAR with long names, links and gzip", async () => {
  const long = `${"folder/".repeat(20)}file`;
  const pax = `${long.length + 12} path=${long}\n`;
  const tar = tarFile([
    tarEntry("plain", text("1")),
    tarEntry("folder/", text(""), { type: "5" }),
    tarEntry("././@LongLink", text(`${long}\0`), { type: "L" }),
    tarEntry("cut", text("2")),
    tarEntry("attributes", text(pax), { type: "x" }),
    tarEntry("cut", text("3")),
    tarEntry("link", text(""), { type: "2" }),
    tarEntry("../up", text("x")),
    tarEntry("long", new Uint8Array(1001)),
    tarEntry("last", text("4")),
  ]);
  const expected = [
    "plain: 1",
    `${long}: 2`,
    `${long}: 3`,
    "link: !link",
    "../up: !unsafe_name",
    "long: !too_large",
    "last: 4",
  ];

  for (const pieceBytes of [100, 65_536]) {
    assert.deepEqual(await readAll(tar, { pieceBytes }), expected);
    assert.deepEqual(await readAll(gzipSync(tar), { pieceBytes }), expected);
  }
  // The second header no longer has its checksum.
  assert.deepEqual(await readAll(tar.with(1025, tar[1025]! ^ 1)), [
    "plain: 1",
    "!damaged",
  ]);
  assert.deepEqual(
    (await readAll(gzipSync(tar).subarray(0, -20))).at(-1),
    "!damaged",
  );
  assert.deepEqual(
    (await readAll(tar.subarray(0, tar.length - 1500))).at(-1),
    "last: !damaged",
  );
});

Deno.test("readArchive: refuses what is not an archive, reads an empty one", async () => {
  for (const content of ["", "hello", "Rar!\u001a\u0007", "<gpx/>"]) {
    assert.deepEqual(await readAll(text(content)), ["!unknown_format"]);
    assert.equal(isArchive(text(content)), false);
  }
  assert.deepEqual(await readAll(gzipSync(text("<gpx/>"))), [
    "!unknown_format",
  ]);
  assert.equal(isArchive(gzipSync(text("<gpx/>"))), false);
  assert.deepEqual(await readAll(text("PK\u0005\u0006" + "\0".repeat(18))), []);
  assert.equal(isArchive(zipFile([])), false);
  assert.equal(isArchive(tarFile([tarEntry("a", text("1"))])), true);
  assert.equal(isArchive(gzipSync(tarFile([tarEntry("a", text("1"))]))), true);
});

Deno.test("readArchive: reads 100,000 entries and keeps to its limit", async () => {
  const entry = zipEntry({ name: "a", data: text("1"), stored: true });
  const zip = zipFile(Array.from({ length: 100_000 }, () => entry));

  const started = performance.now();
  assert.equal((await readAll(zip, { skips: () => true })).length, 0);
  assert.ok(performance.now() - started < 10_000);
  assert.deepEqual(
    await readAll(zip, { maxEntries: 2 }),
    ["a: 1", "a: 1", "!too_many_entries"],
  );
});

Deno.test("readArchive: passes several gigabytes with little memory", async () => {
  const size = 5_000_000_000;
  const header = zipEntry({
    name: "video",
    data: text(""),
    stored: true,
    zip64: true,
  });
  new DataView(header.buffer).setBigUint64(30 + 5 + 4, BigInt(size), true);
  new DataView(header.buffer).setBigUint64(30 + 5 + 12, BigInt(size), true);
  const piece = new Uint8Array(1_000_000).fill(0x50);
  const last = zipFile([{ name: "after", data: text("x") }]);
  let sent = 0;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(header),
    pull(controller) {
      if (sent < size) {
        controller.enqueue(piece);
        sent += piece.length;
      } else {
        controller.enqueue(last);
        controller.close();
      }
    },
  });
  const before = Deno.memoryUsage().rss;

  const names: string[] = [];
  for await (const entry of readArchive(stream)) {
    names.push(`${entry.name} ${entry.size}`);
    if (entry.name === "video") {
      await assert.rejects(entry.bytes(), { reason: "too_large" });
    }
  }

  assert.deepEqual(names, [`video ${size}`, "after 1"]);
  assert.ok(Deno.memoryUsage().rss - before < 300_000_000);
});

Deno.test("readArchive: refuses to read an entry twice or late", async () => {
  const archive = readArchive(
    toStream(zipFile(["a", "b"].map((name) => ({ name, data: text(name) })))),
  );
  const { value: first } = await archive.next();
  await archive.next();

  await assert.rejects(first!.bytes(), TypeError);
  await archive.return();
});
