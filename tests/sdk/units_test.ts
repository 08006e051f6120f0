import assert from "node:assert/strict";
import {
  formatDistance,
  formatDuration,
  formatElevation,
  formatPace,
  formatSpeed,
  formatSport,
} from "@paceline/sdk";

const en = "en";

Deno.test("formatDistance: formats kilometres or miles in the reader's language", () => {
  assert.equal(formatDistance(10_234.5, { locale: en }), "10.2 km");
  assert.equal(formatDistance(42_195, { locale: en, unit: "mi" }), "26.2 mi");
  assert.equal(formatDistance(1609.344, { locale: en, unit: "mi" }), "1 mi");
  assert.equal(formatDistance(1_234_567, { locale: "de" }), "1.234,6 km");
  assert.equal(formatDistance(0, { locale: en }), "0 km");
  assert.equal(formatDistance(12_345, { locale: en, digits: 2 }), "12.35 km");
});

Deno.test("formatElevation: formats metres or feet", () => {
  assert.equal(formatElevation(143.2, { locale: en }), "143 m");
  assert.equal(formatElevation(304.8, { locale: en, unit: "ft" }), "1,000 ft");
});

Deno.test("formatSpeed: formats kilometres or miles per hour", () => {
  assert.equal(formatSpeed(10, { locale: en }), "36 km/h");
  assert.equal(formatSpeed(10, { locale: en, unit: "mi" }), "22.4 mph");
});

Deno.test("formatPace: formats minutes per kilometre or mile, a dash for speed 0", () => {
  assert.equal(formatPace(3.5), "4:46 /km");
  assert.equal(formatPace(3.5, { unit: "mi" }), "7:40 /mi");
  assert.equal(formatPace(1000 / 359.6), "6:00 /km");
  assert.equal(formatPace(0), "– /km");
  assert.equal(formatPace(NaN), "– /km");
  assert.equal(formatPace(0.2), "1:23:20 /km");
});

Deno.test("formatDuration: formats like a clock or in words", () => {
  assert.equal(formatDuration(0), "0:00");
  assert.equal(formatDuration(59.6), "1:00");
  assert.equal(formatDuration(4530), "1:15:30");
  assert.equal(formatDuration(360_000), "100:00:00");
  const units = { style: "units", locale: en } as const;
  assert.equal(formatDuration(4530, units), "1 hr 16 min");
  assert.equal(formatDuration(3599, units), "1 hr 0 min");
  assert.equal(formatDuration(120, units), "2 min");
});

Deno.test("formatSport: separates the words of a sport type", () => {
  const sports = [
    "Run",
    "VirtualRide",
    "EBikeRide",
    "Crossfit",
    "StandUpPaddling",
  ];
  assert.deepEqual(sports.map(formatSport), [
    "Run",
    "Virtual Ride",
    "E-Bike Ride",
    "Crossfit",
    "Stand Up Paddling",
  ]);
});
