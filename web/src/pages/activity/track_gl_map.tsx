import { type ReactNode, useEffect, useRef, useState } from "react";
import { useColours } from "../../charts/use_colours.ts";
import { useFormat } from "../../format/use_format.ts";
import { useTexts } from "../../texts/use_texts.ts";
import { createGlMap, type GlMap } from "./gl_map.ts";
import { TrackDrawing } from "./track_drawing.tsx";
import type { TrackProps } from "./track_map.tsx";

/** The track on a map that can be moved and zoomed. */
export function TrackGlMap(props: TrackProps): ReactNode {
  const { track, points, cursor, label } = props;
  const { activity: { map: texts } } = useTexts();
  const { units } = useFormat();
  const colours = useColours();
  const element = useRef<HTMLDivElement>(null);
  const map = useRef<GlMap>(undefined);
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    try {
      map.current = createGlMap(element.current!, {
        track,
        label,
        texts,
        units,
      });
    } catch {
      // A browser may offer WebGL and still refuse it, for example when too many pages use it.
      setBroken(true);
    }
    return () => {
      map.current?.remove();
      map.current = undefined;
    };
  }, [track, label, texts, units]);
  useEffect(() => map.current?.paint(), [colours, track, label, texts, units]);
  useEffect(
    () =>
      cursor.follow((index) =>
        map.current?.point(index === null ? null : points?.[index] ?? null)
      ),
    [cursor, points],
  );
  if (isBroken) return <TrackDrawing {...props} />;
  return (
    <>
      <div className="track" ref={element} />
      <button
        type="button"
        className="button track-whole"
        onClick={() => map.current?.showAll()}
      >
        {texts.whole}
      </button>
    </>
  );
}
