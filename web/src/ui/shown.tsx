// A verdict that fills the screen: side, letter, word and colour, the reason in one sentence, how sure it is.
import type { Decision } from '../core/protocol';
import { language } from '../words/language';
import { words } from '../words/words';
import { Icon } from './icons';
import { colourOf, Sureness, seen } from './verdict';

// The reason in the language that is spoken, as far as its code says it; empty in English, in which the service says all of it.
export function reasonInShort({ reason_code: code, reason_params: { side } }: Decision): string {
  const t = words.value;
  if (language.value === 'en') return '';
  const told = t.reason[code]?.(side ? t.sideIn[seen(side)] : '') ?? '';
  return told.charAt(0).toUpperCase() + told.slice(1);
}

export function Shown({ decision }: { decision: Decision }) {
  const t = words.value;
  const side = seen(decision.winner);
  const inShort = reasonInShort(decision);
  return (
    <div class={`shown ${colourOf(decision.winner)}`}>
      <p class="shown-verdict" role="status">
        {side === 'left' && <Icon name="left" />}
        {t.verdict[side]}
        {side === 'right' && <Icon name="right" />}
      </p>
      {inShort && <p class="shown-reason">{inShort}</p>}
      <p class={inShort ? 'shown-english' : 'shown-reason'} lang="en">
        {decision.reason}
      </p>
      <Sureness confidence={decision.confidence} />
      {decision.review && (
        <p class="shown-review">
          <Icon name="eye" /> <b>{t.look}</b> <span lang="en">{decision.review_reason}</span>
        </p>
      )}
    </div>
  );
}
