import { type ReactNode, useId } from "react";

/** One of a few values, all in view. The arrow keys move between them. */
export function Choice<Value extends string>(
  { label, options, value, onChange }: {
    label: string;
    options: readonly (readonly [value: Value, name: string])[];
    value: Value;
    onChange: (value: Value) => void;
  },
): ReactNode {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend className="visually-hidden">{label}</legend>
      {options.map(([each, text]) => (
        <label key={each}>
          <input
            type="radio"
            className="visually-hidden"
            name={name}
            checked={each === value}
            onChange={() => onChange(each)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
