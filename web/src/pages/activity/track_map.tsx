import { lazy, type ReactNode, Suspense } from "react";
import { Skeleton } from "../../parts/card.tsx";
import type { Cursor } from "./cursor.ts";
import type { Position } from "./track.ts";
import { TrackDrawing } from "./track_drawing.tsx";

/** The properties of a map or drawing of a track. */
export interface TrackProps {
  track: readonly Position[];
  /** Text for screen readers. */
  label: string;
  /** Positions of the points that the cursor moves over. */
  points: readonly (Position | null)[] | undefined;
  cursor: Cursor;
}

/** Height of the map in pixels. */
const HEIGHT = 380;

const GlMap = lazy(async () => ({
  default: (await import("./track_gl_map.tsx")).TrackGlMap,
}));

/** The track on a plain ground. Browsers without WebGL draw it without zoom. */
export function TrackMap(props: TrackProps): ReactNode {
  return canDrawGl()
    ? (
      <Suspense fallback={<Skeleton height={HEIGHT} />}>
        <GlMap {...props} />
      </Suspense>
    )
    : <TrackDrawing {...props} />;
}

let isGl: boolean | undefined;

/** Reports whether the browser has WebGL 2, which the map needs. */
function canDrawGl(): boolean {
  isGl ??= document.createElement("canvas").getContext("webgl2") !== null;
  return isGl;
}
