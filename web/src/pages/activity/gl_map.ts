import {
  type GeoJSONSourceSpecification,
  Map,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type StyleSpecification,
} from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { Texts } from "../../texts/en.ts";
import { moveNear, type Position, toBounds } from "./track.ts";

// The address is relative to the page's <base>.
setWorkerUrl(new URL(workerUrl, document.baseURI).href);

/** Space around the track, in pixels. */
const PADDING = 36;
const MAX_ZOOM = 17;

type GeoJsonData = GeoJSONSourceSpecification["data"];

/** A map of one track. */
export interface GlMap {
  /** Takes the colours of the page. */
  paint(): void;
  /** Marks a position, or none. */
  point(position: Position | null): void;
  /** Shows the whole track. */
  showAll(): void;
  remove(): void;
}

/**
 * Draws a track into an element.
 *
 * @throws {Error} If the browser refuses WebGL.
 */
export function createGlMap(
  container: HTMLElement,
  { track, label, texts, units }: {
    track: readonly Position[];
    label: string;
    texts: Texts["activity"]["map"];
    units: "metric" | "imperial";
  },
): GlMap {
  const [west, south, east, north] = toBounds(track);
  const bounds: [number, number, number, number] = [west, south, east, north];
  const fit = { padding: PADDING, maxZoom: MAX_ZOOM };
  const map = new Map({
    container,
    bounds,
    fitBoundsOptions: fit,
    style: createStyle(track, container),
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: true,
    locale: {
      "Map.Title": label,
      "NavigationControl.ZoomIn": texts.zoomIn,
      "NavigationControl.ZoomOut": texts.zoomOut,
      "CooperativeGesturesHandler.WindowsHelpText": texts.ctrlScroll,
      "CooperativeGesturesHandler.MacHelpText": texts.cmdScroll,
      "CooperativeGesturesHandler.MobileHelpText": texts.twoFingers,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ unit: units }), "bottom-left");
  let isLoaded = false;
  let position: Position | null = null;
  const mark = (): void => {
    if (!isLoaded) return;
    const source = map.getSource("cursor") as
      | { setData(data: unknown): void }
      | undefined;
    source?.setData(toPoints(position ? [position] : []));
  };
  map.on("load", () => {
    isLoaded = true;
    mark();
  });
  const reference = track[0]?.[0] ?? 0;
  return {
    paint() {
      const paint = (): void => {
        map.setStyle(createStyle(track, container), { diff: true });
        mark();
      };
      if (isLoaded) paint();
    },
    point(next) {
      position = next && [moveNear(next[0], reference), next[1]];
      mark();
    },
    showAll() {
      map.fitBounds(bounds, fit);
    },
    remove() {
      map.remove();
    },
  };
}

function createStyle(
  track: readonly Position[],
  container: HTMLElement,
): StyleSpecification {
  const colour = (name: string): string => resolveColour(container, name);
  const dot = (fill: string) => ({
    "circle-radius": 6.5,
    "circle-color": colour(fill),
    "circle-stroke-color": colour("--card"),
    "circle-stroke-width": 2.5,
  });
  return {
    version: 8,
    sources: {
      track: { type: "geojson", data: toLine(track), tolerance: 0.1 },
      start: { type: "geojson", data: toPoints(track.slice(0, 1)) },
      end: { type: "geojson", data: toPoints(track.slice(-1)) },
      cursor: { type: "geojson", data: toPoints([]) },
    },
    layers: [
      {
        id: "ground",
        type: "background",
        paint: { "background-color": colour("--level-0") },
      },
      {
        id: "casing",
        type: "line",
        source: "track",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": colour("--card"), "line-width": 7 },
      },
      {
        id: "track",
        type: "line",
        source: "track",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": colour("--chart-1"), "line-width": 3.5 },
      },
      { id: "end", type: "circle", source: "end", paint: dot("--text") },
      { id: "start", type: "circle", source: "start", paint: dot("--good") },
      {
        id: "cursor",
        type: "circle",
        source: "cursor",
        paint: { ...dot("--chart-2"), "circle-radius": 8 },
      },
    ],
  };
}

function toLine(track: readonly Position[]): GeoJsonData {
  return {
    type: "Feature",
    properties: {},
    geometry: {
      type: "LineString",
      coordinates: track.map((position) => [...position]),
    },
  };
}

function toPoints(positions: readonly Position[]): GeoJsonData {
  return {
    type: "FeatureCollection",
    features: positions.map((position) => ({
      type: "Feature",
      properties: {},
      geometry: { type: "Point", coordinates: [...position] },
    })),
  };
}

/** Returns a colour of the style as the browser computes it: the map does not know `light-dark()`. */
function resolveColour(container: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  container.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
