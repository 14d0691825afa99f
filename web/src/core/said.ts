// What the service says as codes with parameters (docs/protocol.md, Sentences), put into a language's words.
import * as v from 'valibot';

const value = v.union([v.number(), v.string(), v.array(v.tuple([v.number(), v.number()]))]);
export const sentence = v.object({ code: v.string(), params: v.record(v.string(), value) });
export type Sentence = v.InferOutput<typeof sentence>;
type Value = v.InferOutput<typeof value>;

// How a language says what stands in its sentences.
export interface Manner {
  side(side: 'left' | 'right'): string;
  number(value: number, decimals: number): string;
  word(text: string): string; // as the service says it; what has no other is told as it is
}

const mostTimes = 4;

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// how: as in src/types/sentences.inc.
function told(one: Value, how: string, manner: Manner): string {
  if (typeof one === 'string')
    return one.replace(/left|right|[a-z]+( [a-z]+)*/g, (part) =>
      part === 'left' || part === 'right' ? manner.side(part) : manner.word(part),
    );
  if (typeof one === 'number') {
    if (how === 'g') return manner.number(Number(one.toPrecision(4)), Math.max(0, 4 - String(Math.trunc(one)).length));
    return manner.number(one, Number(how || 0));
  }
  const seconds = (time: number) => manner.number(time, 2);
  const each = one
    .slice(0, mostTimes)
    .map(([from, to]) => (how === 'at' ? seconds(to) : `${seconds(from)}–${seconds(to)}`));
  return `${each.join(', ')} s${one.length > mostTimes ? ' …' : ''}`;
}

// A parameter that is not there is left empty.
export function filled(template: string, { params }: Sentence, manner: Manner): string {
  return template.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, how = '') => {
    const key = name.charAt(0).toLowerCase() + name.slice(1);
    const value = params[key] ?? '';
    // What the log says is told as it is.
    const text = key === 'quoted' ? String(value) : told(value, how, manner);
    return key === name ? text : capital(text);
  });
}

// One after the other; nothing where the language does not have them all.
export function allFilled(
  sentences: readonly Sentence[],
  templates: Readonly<Record<string, string>>,
  manner: Manner,
  between: string,
  small: (text: string) => string,
): string | undefined {
  if (!sentences.length || !sentences.every(({ code }) => code in templates)) return undefined;
  const all = sentences.map((one, i) => {
    const text = filled(templates[one.code]!, one, manner);
    return i > 0 ? small(text) : capital(text);
  });
  return all.join(between);
}
