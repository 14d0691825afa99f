// The timeline: lanes with their names, and the same as a table for who does not see them.
import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Span, zoomed } from '../core/events';
import { drawLanes, laneHeights } from '../lanes/lanes';
import { colours } from '../ui/colours';
import { sides } from '../ui/verdict';
import { written } from '../words/language';
import { more } from '../words/more';
import { words } from '../words/words';
import { cutting, type Piece, piece } from './clip_state';
import * as review from './review_state';

function Names() {
  const t = more.value.review.lanes;
  const [first, second] = sides();
  const names = { lamps: t.lamps, contacts: t.contacts, first: t[first], second: t[second], findings: t.findings };
  return (
    <div class="lane-names" aria-hidden="true">
      {Object.entries(laneHeights).map(([name, height]) => (
        <span key={name} style={{ height: `${height}px` }}>
          {names[name as keyof typeof names]}
        </span>
      ))}
    </div>
  );
}

function Twin() {
  const t = more.value.review;
  return (
    <table class="hidden-text">
      <caption>{t.lanes.label}</caption>
      <tbody>
        {review.phrase.value!.actions.map(({ side, kind, start, end }) => (
          <tr key={`${side}${kind}${start}`}>
            <th scope="row">{words.value.side[side]}</th>
            <td>{t.action[kind] ?? kind}</td>
            <td>
              {written(start, 2)} – {written(end, 2)} s
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function timesOf({ first, last }: Piece): Span {
  const [begin = 0, end = 0] = [review.times.value[first], review.times.value[last]];
  return { begin, end };
}

export function Lanes() {
  const t = more.value.review;
  const canvas = useRef<HTMLCanvasElement>(null);
  const draw = () => {
    const target = canvas.current;
    if (!target) return;
    drawLanes(target, {
      result: review.phrase.value!,
      span: review.span.value,
      now: review.now.value,
      chosen: review.chosen.value,
      piece: cutting.value ? timesOf(piece.value) : undefined,
      word: (kind) => more.value.review.action[kind] ?? kind,
      sides: sides(),
      style: colours(),
    });
  };
  useSignalEffect(draw);
  const timeAt = (event: MouseEvent) => {
    const at = canvas.current!.getBoundingClientRect();
    const { begin, end } = review.span.value;
    return begin + ((event.clientX - at.x) / at.width) * (end - begin);
  };
  useEffect(() => {
    const target = canvas.current!;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      review.span.value = zoomed(review.span.value, timeAt(event), Math.exp(event.deltaY / 400), review.whole.value);
    };
    target.addEventListener('wheel', wheel, { passive: false });
    const resized = new ResizeObserver(draw);
    resized.observe(target);
    return () => {
      target.removeEventListener('wheel', wheel);
      resized.disconnect();
    };
  }, []);
  return (
    <section class="lanes" aria-label={t.lanes.label}>
      <Names />
      <canvas
        ref={canvas}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          review.goTo(timeAt(event));
        }}
        onPointerMove={(event) => event.buttons && review.goTo(timeAt(event))}
      />
      <Twin />
    </section>
  );
}
