// What the service says, in the language that is spoken; in its own English where a sentence has no other words.
import type { Decision } from '../core/protocol';
import { allFilled, type Sentence } from '../core/said';
import { sentences } from '../words/said';
import { words } from '../words/words';
import { seen } from './verdict';

// Some languages write nouns with capital letters.
function small(text: string): string {
  return sentences.value?.language === 'de' ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

function told(said: readonly Sentence[], between: string): string | undefined {
  const here = sentences.value;
  if (!here) return undefined;
  const manner = {
    word: (text: string) => here.words[text] ?? text,
    side: (side: 'left' | 'right') => words.value.sideIn[seen(side)],
    number: (value: number, decimals: number) =>
      value.toLocaleString(here.language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  };
  return allFilled(said, here.said, manner, between, small);
}

// Why it was decided so: the call, and what it rests on.
export function ReasonSaid({ of: { reason, reason_said } }: { of: Decision }) {
  return <Said text={reason} said={reason_said} between=": " />;
}

// between: where several sentences belong together.
export function Said({ text, said, between = '; ' }: { text: string; said: readonly Sentence[]; between?: string }) {
  const here = told(said, between);
  return here === undefined ? <span lang="en">{text}</span> : <span>{here}</span>;
}
