import { type ReactNode } from "react";
import { type Choices, choose, useChoices } from "../../app/choices.ts";
import { Card } from "../../parts/card.tsx";
import { Field } from "../../parts/field.tsx";
import { useTexts } from "../../texts/use_texts.ts";

/** Colours, language, units and weeks, for this browser. */
export function AppearanceCard(): ReactNode {
  const { settings: texts, app } = useTexts();
  const choices = useChoices();
  const rows = [
    ["theme", texts.theme, app.themes],
    ["language", texts.language, texts.languages],
    ["units", texts.units, texts.unitNames],
    ["weekStart", texts.weekStart, texts.weekStarts],
  ] as const;
  return (
    <Card title={texts.appearance}>
      <p className="soft">{texts.thisBrowser}</p>
      <div className="fields">
        {rows.map(([key, label, names]) => (
          <Field key={key} label={label}>
            <select
              value={choices[key]}
              onChange={({ target: { value } }) =>
                choose({ [key]: value } as Partial<Choices>)}
            >
              {Object.entries(names).map(([value, name]) => (
                <option key={value} value={value}>{name}</option>
              ))}
            </select>
          </Field>
        ))}
      </div>
    </Card>
  );
}
