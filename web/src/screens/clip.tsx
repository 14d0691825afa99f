// A piece of the phrase as a film of its own: from which picture to which, how fast, with or without what was found.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type Place, phrasePath } from '../core/library';
import { Radios, Switch } from '../ui/fields';
import { Icon } from '../ui/icons';
import { saveBlob } from '../ui/save';
import { asking, service } from '../ui/state';
import { speedWritten, written } from '../words/language';
import { more } from '../words/more';
import { beginHere, cutting, endHere, forgetPiece, piece } from './clip_state';
import * as review from './review_state';

type Speed = '1' | '0.5' | '0.25';
type Fate = 'making' | 'failed' | undefined;

function Span() {
  const t = more.value.clip;
  const { first, last } = piece.value;
  const [from, to] = [first, last].map((at) => written(review.times.value[at] ?? 0, 2));
  return <p class="number">{t.span(from!, to!, last - first + 1)}</p>;
}

// Which pictures, by their numbers as they were sent.
function clipName(): string {
  const numbers = review.joints.value!.frames;
  return `${numbers[piece.value.first]}-${numbers[piece.value.last]}.mp4`;
}

function clipPath(place: Place, speed: Speed, drawn: boolean): string {
  const query = new URLSearchParams({ ...(speed !== '1' && { speed }), ...(drawn && { drawn: '1' }) });
  return phrasePath(place, `clips/${clipName()}?${query}`);
}

function Form({ place }: { place: Place }) {
  const t = more.value.clip;
  const speed = useSignal<Speed>('1');
  const drawn = useSignal<'yes' | 'no'>('no');
  const fate = useSignal<Fate>(undefined);
  const hasOverlay = review.phrase.value?.artifacts.overlay?.endsWith('.mp4');
  const make = async (use: (film: File) => void) => {
    fate.value = 'making';
    const name = [place.id, place.part, clipName()].filter(Boolean).join('-');
    const film = await asking(async () =>
      (await service.fetch(clipPath(place, speed.value, drawn.value === 'yes'))).blob(),
    );
    fate.value = film ? undefined : 'failed';
    if (film) use(new File([film], name, { type: 'video/mp4' }));
  };
  // Where the browser takes too long for a tap to count it is saved; who changed their mind is left alone.
  const send = (film: File) =>
    void navigator
      .share({ files: [film] })
      .catch(({ name }: Error) => name !== 'AbortError' && saveBlob(film, film.name));
  const speeds = { 1: speedWritten(1), 0.5: speedWritten(0.5), 0.25: speedWritten(0.25) } as Record<Speed, string>;
  return (
    <div class="stack">
      <p class="quiet">{t.lead}</p>
      <Span />
      <div class="pair">
        <button type="button" onClick={beginHere}>
          {t.begin}
        </button>
        <button type="button" onClick={endHere}>
          {t.end}
        </button>
      </div>
      <Radios
        legend={more.value.review.keys.speed}
        name="clip-speed"
        options={speeds}
        value={speed.value}
        onChange={(chosen) => {
          speed.value = chosen;
        }}
      />
      {hasOverlay && <Switch of={drawn} label={t.drawn} />}
      <div class="pair">
        <button
          type="button"
          disabled={fate.value === 'making'}
          onClick={() => make((film) => saveBlob(film, film.name))}
        >
          <Icon name="download" /> {t.save}
        </button>
        {'canShare' in navigator && (
          <button type="button" disabled={fate.value === 'making'} onClick={() => make(send)}>
            <Icon name="share" /> {more.value.share.send}
          </button>
        )}
      </div>
      <p role="status">{fate.value === 'making' && t.making}</p>
      {fate.value === 'failed' && <p role="alert">{t.failed}</p>}
    </div>
  );
}

export function Clip({ place }: { place: Place }) {
  useEffect(() => forgetPiece, [place.id, place.part]);
  if (!review.times.value.length || !review.phrase.value?.artifacts.video) return null;
  return (
    <details
      class="clip"
      open={cutting.value}
      onToggle={(event) => {
        cutting.value = event.currentTarget.open;
      }}
    >
      <summary>
        <Icon name="cut" /> {more.value.clip.title}
      </summary>
      {cutting.value && <Form place={place} />}
    </details>
  );
}
