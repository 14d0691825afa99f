// A verdict that fills the screen: side, letter, word and colour, the reason in one sentence, how sure it is.
import type { Decision } from '../core/protocol';
import { words } from '../words/words';
import { Icon } from './icons';
import { ReasonSaid, Said } from './said';
import { colourOf, Sureness, seen } from './verdict';

const noBreak = '\u2060'; // between a word and its arrow

export function Shown({ decision }: { decision: Decision }) {
  const t = words.value;
  const side = seen(decision.winner);
  return (
    <div class={`shown ${colourOf(decision.winner)}`}>
      <p class="shown-verdict" role="status">
        {side === 'left' && <Icon name="left" />}
        {t.verdict[side]}
        {side === 'right' && (
          <>
            {noBreak}
            <Icon name="right" />
          </>
        )}
      </p>
      <p class="shown-reason">
        <ReasonSaid of={decision} />
      </p>
      <Sureness confidence={decision.confidence} />
      {decision.review && (
        <p class="shown-review">
          <Icon name="eye" /> <b>{t.look}</b> <Said text={decision.review_reason ?? ''} said={decision.review_said} />
        </p>
      )}
    </div>
  );
}
