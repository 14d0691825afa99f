// Before a phrase: the four lights, what is fenced, who tells the hits.
import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { hasTorch, isLit, isSafePage, lightUp } from '../capture/camera';
import { health } from '../core/protocol';
import { Select, TextField } from '../ui/fields';
import { Icon } from '../ui/icons';
import { usePoll } from '../ui/poll';
import { asking, service } from '../ui/state';
import { seen, sides } from '../ui/verdict';
import { language, written } from '../words/language';
import { words } from '../words/words';
import { MarksDoor } from './film_marks_door';
import * as film from './film_state';

type Light = 'safe' | 'camera' | 'picture' | 'net';
type Is = 'good' | 'bad' | 'open';
type Teller = typeof film.hitsBy.value;

const fewest = 20; // pictures a second

function Lights({ lights }: { lights: Record<Light, { is: Is; says: string }> }) {
  const t = words.value.film.lights;
  return (
    <ul class="lights">
      {(Object.keys(lights) as Light[]).map((name) => {
        const { is, says } = lights[name];
        return (
          <li key={name} class={`light ${is}`}>
            <Icon name={is === 'good' ? 'check' : is === 'bad' ? 'warn' : 'eye'} />
            <span>
              <b>{t[name][0]}</b> <small class="number">{says || (is === 'bad' && t[name][1])}</small>
              {name === 'safe' && is === 'bad' && <a href={`trust?lang=${language.value}`}>{words.value.film.trust}</a>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

// Who may tell the hits.
function tellers(): Partial<Record<Teller, string>> {
  const { taps, file, lamps, box } = words.value.film;
  return film.mode.value === 'bout' ? { taps, lamps, box } : { taps, file };
}

// It stays as it is while phrases are filmed; it goes out with the camera.
function Torch({ track }: { track: MediaStreamTrack }) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        defaultChecked={isLit(track)}
        onChange={(event) => lightUp(track, event.currentTarget.checked)}
      />
      {words.value.film.torch}
    </label>
  );
}

function Choices() {
  const t = words.value.film;
  return (
    <div class="film-choices">
      <Select label={t.mode} options={t.modes} value={film.mode.value} onChange={film.choose} />
      <Select
        label={t.weapon}
        options={t.weapons}
        value={film.weapon.value}
        onChange={(chosen) => {
          film.weapon.value = chosen;
        }}
      />
      <Select
        key={film.mode.value}
        label={t.hits}
        options={tellers()}
        value={film.hitsBy.value}
        onChange={(chosen) => {
          film.hitsBy.value = chosen;
        }}
      />
      {film.namesPiste.value && (
        <TextField
          label={t.piste}
          value={film.piste.value}
          onInput={(typed) => {
            film.piste.value = typed;
          }}
        />
      )}
    </div>
  );
}

// What is wrong with the picture; empty: nothing, as far as is known.
function lackOf(rate: number): string {
  const t = words.value.film;
  if (rate < fewest) return t.lights.picture[1];
  const found = film.seen.value;
  const here = sides().filter((side) => !found || found[side]);
  if (here.length === 2) return '';
  return here[0] ? t.fencers[seen(here[0])] : t.fencers.none;
}

interface Props {
  video: RefObject<HTMLVideoElement | null>;
  stream: MediaStream | undefined;
  refused: boolean;
}

export function Setup({ video, stream, refused }: Props) {
  const t = words.value.film;
  const net = useSignal<number | undefined>(undefined);
  usePoll(async () => {
    const begin = performance.now();
    const answer = await asking(() => service.ask('health', health));
    net.value = answer ? Math.round(performance.now() - begin) : undefined;
  }, 3);
  usePoll(() => film.look(video.current), 2);
  const safe = isSafePage();
  const rate = film.rate.value;
  const size = video.current;
  const shown = rate && size ? t.size(size.videoWidth, size.videoHeight, written(rate, 1)) : t.measuring;
  const lack = rate ? lackOf(rate) : '';
  const { both } = t.fencers;
  const track = stream?.getVideoTracks()[0];
  const lights: Record<Light, { is: Is; says: string }> = {
    safe: { is: safe ? 'good' : 'bad', says: '' },
    camera: { is: stream ? 'good' : refused || !safe ? 'bad' : 'open', says: track?.label ?? '' },
    picture: {
      is: lack ? 'bad' : film.seen.value ? 'good' : 'open',
      says: lack || (film.seen.value ? `${both}, ${shown}` : shown),
    },
    net: {
      is: net.value === undefined ? 'bad' : 'good',
      says: net.value === undefined ? '' : t.milliseconds(net.value),
    },
  };
  const named = film.hitsBy.value !== 'box' || film.piste.value.trim() !== '';
  const ready = stream && rate && net.value !== undefined && named;
  return (
    <div class="film-panel">
      <Lights lights={lights} />
      <p class="quiet">{t.place}</p>
      <Choices />
      {track && hasTorch(track) && <Torch track={track} />}
      {rate && <MarksDoor />}
      <div class="film-keys">
        <a class="button" href="#/piste">
          <Icon name="back" /> {t.leave}
        </a>
        <button
          type="button"
          class="main"
          disabled={!ready}
          onClick={() => stream && video.current && film.begin(stream, video.current)}
        >
          {t.ready}
        </button>
      </div>
    </div>
  );
}
