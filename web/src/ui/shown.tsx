// A verdict that fills the screen: side, letter, word and colour, the reason in one sentence, how sure it is.
import type { Decision, Winner } from '../core/protocol';
import { words } from '../words/words';
import { Icon } from './icons';
import { ReasonSaid, Said } from './said';
import { colourOf, Sureness, seen } from './verdict';

// An arrow stays on the line of the word that it belongs to.
function Verdict({ side, says }: { side: Winner; says: string }) {
  const all = says.split(' ');
  if (side === 'left')
    return (
      <>
        <span class="with-arrow">
          <Icon name="left" />
          {all[0]}
        </span>{' '}
        {all.slice(1).join(' ')}
      </>
    );
  if (side === 'right')
    return (
      <>
        {all.slice(0, -1).join(' ')}{' '}
        <span class="with-arrow">
          {all.at(-1)}
          <Icon name="right" />
        </span>
      </>
    );
  return <>{says}</>;
}

export function Shown({ decision }: { decision: Decision }) {
  const t = words.value;
  const side = seen(decision.winner);
  return (
    <div class={`shown ${colourOf(decision.winner)}`}>
      <p class="shown-verdict" role="status">
        <Verdict side={side} says={t.verdict[side]} />
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
