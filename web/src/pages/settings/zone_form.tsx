import { useApi } from "@paceline/sdk/react";
import { type ReactNode, type SubmitEvent, useRef, useState } from "react";
import { useAction } from "../../app/use_action.ts";
import { Field } from "../../parts/field.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** Radius of a new zone, in metres. */
const USUAL_RADIUS = 400;

/** Adds a hidden zone, around where the visitor is or around any other place. */
export function ZoneForm(): ReactNode {
  const { profile: { privacy: texts } } = useTexts();
  const form = useRef<HTMLFormElement>(null);
  const [isLost, setLost] = useState(false);
  const create = useAction(useApi().privacy.createZone.mutationOptions(), {
    onSuccess: () => form.current?.reset(),
  });

  function locate(): void {
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      setLost(false);
      for (const name of ["latitude", "longitude"] as const) {
        const input = form.current?.elements.namedItem(name);
        if (input instanceof HTMLInputElement) {
          input.value = coords[name].toFixed(5);
        }
      }
    }, () => setLost(true));
  }

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const read = (name: string): number => Number(data.get(name));
    create.mutate({
      name: String(data.get("name")),
      latitude: read("latitude"),
      longitude: read("longitude"),
      radius: read("radius"),
    });
  }

  return (
    <details>
      <summary className="button">{texts.add}</summary>
      <form className="form" ref={form} onSubmit={submit}>
        <Field label={texts.name}>
          <input name="name" required maxLength={80} />
        </Field>
        <div className="fields">
          <Field label={texts.latitude}>
            <input
              name="latitude"
              type="number"
              min="-85"
              max="85"
              step="any"
              required
            />
          </Field>
          <Field label={texts.longitude}>
            <input
              name="longitude"
              type="number"
              min="-180"
              max="180"
              step="any"
              required
            />
          </Field>
          <Field label={texts.radius}>
            <input
              name="radius"
              type="number"
              min="100"
              max="2000"
              defaultValue={USUAL_RADIUS}
              required
            />
          </Field>
        </div>
        <button type="button" className="button" onClick={locate}>
          {texts.here}
        </button>
        {isLost && (
          <p className="form-failure" role="alert">{texts.hereFailed}</p>
        )}
        {create.isError && (
          <p className="form-failure" role="alert">{create.error.message}</p>
        )}
        <button
          type="submit"
          className="button primary"
          disabled={create.isPending}
        >
          {texts.add}
        </button>
      </form>
    </details>
  );
}
