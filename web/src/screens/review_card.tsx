// Why it was decided so: the findings with their weight, played one by one, and what the odds were without some.

import { weighty } from '../core/odds';
import type { Finding, Side } from '../core/protocol';
import { nearest } from '../core/times';
import { Icon } from '../ui/icons';
import { Said } from '../ui/said';
import { Shown } from '../ui/shown';
import { seen, sides } from '../ui/verdict';
import { written } from '../words/language';
import { more } from '../words/more';
import { words } from '../words/words';
import * as review from './review_state';

const lead = 8; // pictures before a finding, where its explanation begins
const after = 5;

function pause(ms: number) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// Each finding that weighs something in turn, slowly, until it is stopped.
async function explain() {
  const findings = weighty(review.phrase.value!.decision).sort((a, b) => a.time - b.time);
  review.explaining.value = true;
  for (const finding of findings) {
    if (!review.explaining.value) return;
    review.chosen.value = finding;
    const at = nearest(review.times.value, finding.time);
    review.player.value?.show(Math.max(0, at - lead));
    await pause(500);
    review.play(0.25);
    while (review.explaining.value && review.playing.value && review.frame.value < at + after) await pause(30);
    review.player.value?.pause();
    await pause(900);
  }
  review.explaining.value = false;
  review.speed.value = 1;
}

function stopExplaining() {
  review.explaining.value = false;
  review.player.value?.pause();
}

function Text({ of: { text, text_code: code, params } }: { of: Finding }) {
  return <Said text={text} said={code ? [{ code, params }] : []} />;
}

// The number alone: the words behind it are English, and the finding says the same.
function article(rule: string): string {
  return rule.split(', ')[0]!;
}

function Row({ finding, heaviest }: { finding: Finding; heaviest: number }) {
  const t = words.value;
  const counts = !review.left_out.value.has(finding);
  const side = finding.favours as Side;
  const current = review.chosen.value === finding;
  return (
    <li class={`finding of-${side} ${current ? 'chosen' : ''} ${counts ? '' : 'left-out'}`}>
      <button
        type="button"
        class="finding-text"
        aria-current={current || undefined}
        onClick={() => review.choose(finding)}
      >
        <span class="number quiet">{written(finding.time, 2)} s</span>
        <Text of={finding} />
        {finding.rule && <small class="quiet">{article(finding.rule)}</small>}
        <span class="weight">
          <b>{t.letter[seen(side)]}</b>
          <meter min={0} max={heaviest} value={finding.weight} aria-label={t.side[seen(side)]} />
          <span class="number">{written(finding.weight, 2)}</span>
        </span>
      </button>
      <label class="counts">
        <input
          type="checkbox"
          checked={counts}
          onChange={(event) => review.count(finding, event.currentTarget.checked)}
        />
        <span class="hidden-text">
          <Text of={finding} />:{' '}
        </span>
        {more.value.review.counts}
      </label>
    </li>
  );
}

function Odds() {
  const t = more.value.review;
  const percent = (left: number) => Math.round(left * 100);
  const [first] = sides();
  const of = (left: number) => (first === 'left' ? percent(left) : 100 - percent(left));
  const shown = of(review.share.value);
  const changed = review.left_out.value.size > 0;
  return (
    <div class="odds" role="status">
      <div class={`odds-bar ${first === 'left' ? '' : 'odds-flipped'}`} aria-hidden="true">
        <span style={{ width: `${review.share.value * 100}%` }} />
      </div>
      <p class="number">
        {t.odds(shown, 100 - shown)}
        {changed && (
          <button type="button" onClick={() => (review.left_out.value = new Set())}>
            {t.reset}
          </button>
        )}
      </p>
    </div>
  );
}

export function Card() {
  const t = more.value.review;
  const { decision } = review.phrase.value!;
  const findings = weighty(decision);
  return (
    <section class="card" aria-label={t.reasons}>
      <Shown decision={decision} />
      {findings.length > 0 && (
        <>
          <h2>{t.reasons}</h2>
          {review.player.value && (
            <button type="button" class="main" onClick={review.explaining.value ? stopExplaining : explain}>
              <Icon name={review.explaining.value ? 'pause' : 'play'} /> {review.explaining.value ? t.stop : t.explain}
            </button>
          )}
          <Odds />
          <ul class="rows">
            {findings.map((finding) => (
              <Row key={`${finding.kind}${finding.time}`} finding={finding} heaviest={findings[0]!.weight} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
