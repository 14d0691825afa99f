// Fields that several screens have.
import type { Signal } from '@preact/signals';
import { useId } from 'preact/hooks';

export function Switch({ of, label, hint }: { of: Signal<'yes' | 'no'>; label: string; hint?: string }) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        checked={of.value === 'yes'}
        onChange={(event) => {
          of.value = event.currentTarget.checked ? 'yes' : 'no';
        }}
      />
      <span>
        {hint ? <b>{label}</b> : label}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  );
}

// Codes with what they are called.
type Names<Code extends string> = Readonly<Partial<Record<Code, string>>>;

function entries<Code extends string>(names: Names<Code>) {
  return Object.entries(names) as [Code, string][];
}

interface SelectProps<Code extends string> {
  label: string;
  options: Names<Code>;
  id?: string;
  name?: string;
  value?: Code;
  onChange?(chosen: Code): void;
  // Codes are languages, and each is called as it calls itself.
  languages?: boolean;
}

export function Select<Code extends string>({ label, options, languages, onChange, ...rest }: SelectProps<Code>) {
  return (
    <label class="field">
      {label}
      <select {...rest} onChange={(event) => onChange?.(event.currentTarget.value as Code)}>
        {entries(options).map(([code, name]) => (
          <option key={code} value={code} lang={languages ? code : undefined}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TextProps {
  label: string;
  value: string;
  onInput(typed: string): void;
  suggestions?: readonly string[];
  longest?: number; // characters
}

export function TextField({ label, value, onInput, suggestions, longest = 60 }: TextProps) {
  const id = useId();
  return (
    <label class="field">
      {label}
      <input
        type="text"
        maxLength={longest}
        value={value}
        list={suggestions && id}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {suggestions && (
        <datalist id={id}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </label>
  );
}

interface RadiosProps<Code extends string> {
  legend: string;
  name: string;
  options: Names<Code>;
  value: Code | undefined;
  onChange(chosen: Code): void;
}

export function Radios<Code extends string>({ legend, name, options, value, onChange }: RadiosProps<Code>) {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {entries(options).map(([code, called]) => (
        <label key={code}>
          <input type="radio" name={name} checked={value === code} onChange={() => onChange(code)} />
          {called}
        </label>
      ))}
    </fieldset>
  );
}
