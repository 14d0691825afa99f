// Marks on the preview: the two fencers, the corners of the piste, by finger or by keys.
import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { isWhole, type Kind, type Spot } from '../core/marks';
import { clamp } from '../core/times';
import { words } from '../words/words';
import * as film from './film_state';

const kinds: readonly Kind[] = ['fencers', 'piste'];

// What is marked, at its place in the picture; while something is being marked it takes taps, and keys that move a cross.
export function MarksLayer({ video }: { video: RefObject<HTMLVideoElement | null> }) {
  const t = words.value.film.marks;
  const cross = useSignal<Spot | undefined>(undefined);
  const kind = film.marking.value;
  const { fencers, piste } = film.marks.value;
  if (!video.current?.videoWidth || (!kind && !fencers.length && !piste.length)) return null;
  const [width, height] = [video.current.videoWidth, video.current.videoHeight];
  const [x, y] = cross.value ?? [width / 2, height / 2];
  const move = (dx: number, dy: number) => {
    cross.value = [clamp(x + dx, 0, width - 1), clamp(y + dy, 0, height - 1)];
  };
  const put = (event: PointerEvent & { currentTarget: SVGSVGElement }) => {
    const inPicture = event.currentTarget.getScreenCTM()?.inverse();
    if (!kind || !inPicture) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(inPicture);
    if (at.x >= 0 && at.x < width && at.y >= 0 && at.y < height) film.mark(kind, [at.x, at.y]);
  };
  const key = (event: KeyboardEvent) => {
    const far = width / (event.shiftKey ? 10 : 50);
    const act = {
      ArrowLeft: () => move(-far, 0),
      ArrowRight: () => move(far, 0),
      ArrowUp: () => move(0, -far),
      ArrowDown: () => move(0, far),
      Enter: () => kind && film.mark(kind, [x, y]),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const size = width / 60;
  return (
    <svg
      class={`marks ${kind ? 'marking' : ''}`}
      viewBox={`0 0 ${width} ${height}`}
      role={kind ? 'application' : 'img'}
      aria-label={kind ? `${t.hint[kind]} ${t.byKeys}` : t.title}
      tabindex={kind ? 0 : undefined} // as SVG spells it
      onPointerDown={put}
      onKeyDown={key}
    >
      <polygon points={piste.map((spot) => spot.join(',')).join(' ')} />
      {piste.map(([px, py]) => (
        <circle key={`${px},${py}`} cx={px} cy={py} r={size / 2} />
      ))}
      {fencers.map(([fx, fy]) => (
        <circle key={`${fx},${fy}`} class="fencer" cx={fx} cy={fy} r={size} />
      ))}
      {kind && cross.value && <path d={`M${x - size} ${y}h${2 * size}M${x} ${y - size}v${2 * size}`} />}
    </svg>
  );
}

function Marking({ kind }: { kind: Kind }) {
  const t = words.value.film.marks;
  const there = film.marks.value[kind].length;
  return (
    <>
      <p class="quiet small">{t.hint[kind]}</p>
      <div class="pair">
        <button type="button" disabled={!there} onClick={() => film.unmark(kind)}>
          {t.undo}
        </button>
        <button
          type="button"
          onClick={() => {
            film.marking.value = '';
          }}
        >
          {t.done}
        </button>
      </div>
    </>
  );
}

export function MarkKeys() {
  const t = words.value.film.marks;
  const kind = film.marking.value;
  return (
    <>
      <div class="pair">
        {kinds.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={kind === one}
            onClick={() => {
              film.marking.value = one;
            }}
          >
            {t.kind[one]} <small class="number">{t.count(film.marks.value[one].length)}</small>
          </button>
        ))}
      </div>
      {kind && <Marking kind={kind} />}
      {kinds.map((one) => {
        const half = film.marks.value[one].length > 0 && !isWhole(film.marks.value, one);
        return (
          half && (
            <p key={one} class="film-notice">
              {t.half[one]}
            </p>
          )
        );
      })}
    </>
  );
}
