// The curves under the lanes; their library is fetched only here.
import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Side } from '../core/protocol';
import type { Line, Plot } from '../lanes/curves';
import { colours } from '../ui/colours';
import { sides } from '../ui/verdict';
import { more } from '../words/more';
import { words } from '../words/words';
import * as review from './review_state';

const height = 90;

function One({ label, lines }: { label: string; lines: (Line & { side?: Side })[] }) {
  const host = useRef<HTMLDivElement>(null);
  const [plot, setPlot] = useState<Plot | undefined>(undefined);
  useEffect(() => {
    let made: Plot | undefined;
    let over = false;
    const target = host.current!;
    void import('../lanes/curves').then(({ Plot }) => {
      if (over) return;
      const names = document.querySelector('.lane-names')?.getBoundingClientRect().width ?? 100;
      const size = { width: target.clientWidth, height, names };
      made = new Plot(target, review.curves.value!.times, lines, colours, size);
      setPlot(made);
    });
    const resized = new ResizeObserver(() => made?.resize(target.clientWidth));
    resized.observe(target);
    return () => {
      over = true;
      resized.disconnect();
      made?.close();
    };
  }, []);
  useSignalEffect(() => {
    const [span, now] = [review.span.value, review.now.value];
    void colours();
    plot?.show(span, now);
  });
  useEffect(() => plot?.show(review.span.value, review.now.value), [plot]);
  return (
    <figure class="curve">
      <figcaption>
        {label}
        {lines.length > 1 &&
          lines.map(({ label: name, side }) => (
            <span key={name} class={`of-${side}`}>
              {name}
            </span>
          ))}
      </figcaption>
      <div ref={host} onPointerDown={(event) => plot && review.goTo(plot.timeAt(event.clientX))} />
    </figure>
  );
}

export function CurvesUnderLanes() {
  const t = more.value.review.lanes;
  const found = review.curves.value;
  if (!found) return null;
  const speeds = sides().map((side) => ({
    side,
    label: words.value.side[side],
    colour: () => colours()[side],
    // The two are told apart without colours, too.
    ...(side === 'right' && { dash: [6, 4] }),
    values: found[side].speed,
  }));
  return (
    <section class="curves">
      <One label={t.distance} lines={[{ label: t.distance, colour: () => colours().text, values: found.distance }]} />
      <One label={t.speed} lines={speeds} />
    </section>
  );
}
