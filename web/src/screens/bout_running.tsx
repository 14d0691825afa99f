// A bout that goes on: its phrases from now on, as they are told.
import { useSignal } from '@preact/signals';
import type { LiveEvent } from '../core/live';
import type { Decision, Score } from '../core/protocol';
import { useEvents } from '../ui/events';
import { mayI } from '../ui/role';
import { ReasonSaid } from '../ui/said';
import { service } from '../ui/state';
import { Chip, sides } from '../ui/verdict';
import { more } from '../words/more';

interface Told {
  number: number;
  decision: Decision;
  score?: Score; // once all of it is there
}

function heard(told: readonly Told[], id: string, event: LiveEvent): readonly Told[] {
  if (event.type === 'phrase_decision' && event.session_id === id)
    return [...told, { number: event.number, decision: event.decision }];
  if (event.type === 'phrase_complete' && event.session_id === id)
    return told.map((one) => (one.number === event.number ? { ...one, score: event.score } : one));
  return told;
}

function Phrases({ id }: { id: string }) {
  const told = useSignal<readonly Told[]>([]);
  useEvents((event) => {
    told.value = heard(told.value, id, event);
  });
  const [first, second] = sides();
  return (
    <ul class="rows">
      {told.value.map(({ number, decision, score }) => (
        <li key={number} class="row">
          <span class="row-text">
            <b class="number">
              {number}
              {score && ` · ${score[first]} : ${score[second]}`}
            </b>
            <small class="quiet">
              <ReasonSaid of={decision} />
            </small>
          </span>
          <Chip winner={decision.winner} confidence={decision.confidence} review={decision.review} />
        </li>
      ))}
    </ul>
  );
}

export function BoutRunning({ id }: { id: string }) {
  return (
    <>
      <p role="status">{more.value.bout.running}</p>
      {mayI('read') && !service.signature() && <Phrases id={id} />}
    </>
  );
}
