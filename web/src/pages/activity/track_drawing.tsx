import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { createProjection } from "./track.ts";
import type { TrackProps } from "./track_map.tsx";

const SIZE = { width: 800, height: 380, padding: 24 };

/** The track as a drawing, for browsers without WebGL. */
export function TrackDrawing(
  { track, label, points, cursor }: TrackProps,
): ReactNode {
  const project = useMemo(() => createProjection(track, SIZE), [track]);
  const line = useMemo(
    () =>
      track.map((position) =>
        project(position).map((value) => value.toFixed(1)).join(",")
      ).join(" "),
    [track, project],
  );
  const dot = useRef<SVGCircleElement>(null);
  useEffect(() =>
    cursor.follow((index) => {
      const position = index === null ? undefined : points?.[index];
      const { current } = dot;
      if (!current) return;
      current.style.display = position ? "" : "none";
      if (!position) return;
      const [x, y] = project(position);
      current.setAttribute("cx", String(x));
      current.setAttribute("cy", String(y));
    }), [cursor, points, project]);
  const [startX, startY] = project(track[0]!);
  const [endX, endY] = project(track.at(-1)!);
  return (
    <svg
      className="track track-drawing"
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      role="img"
      aria-label={label}
    >
      <polyline points={line} />
      <circle className="track-end" cx={endX} cy={endY} r="7" />
      <circle className="track-start" cx={startX} cy={startY} r="7" />
      <circle
        ref={dot}
        className="track-cursor"
        r="8"
        style={{ display: "none" }}
      />
    </svg>
  );
}
