// The moment of the hit some times over, at real speed, as soon as the phrase's film is there.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { hitTime, onFramesClock } from '../core/events';
import { type Place, phrasePath } from '../core/library';
import type { Result } from '../core/protocol';
import { flipped } from '../ui/settings';
import { forgetUrl, jointsOf, type Shot, shotOf } from './phrase_files';

const before = 1.5; // s before the hit
const after = 0.5;
const rounds = 10; // then the picture of the hit stands: nothing moves for ever
const asks = 8; // for a film that is made after the verdict
const betweenAsks = 2500; // ms

interface Film extends Shot {
  hit: number; // s of the film
}

async function filmOf(place: Place, result: Result): Promise<Film | undefined> {
  const [joints, shot] = await Promise.all([jointsOf(place), shotOf(place, result)]);
  const hit = joints && hitTime(onFramesClock(result, joints.log_offset));
  return shot.url && hit !== undefined ? { ...shot, hit } : undefined;
}

// Plays from before the hit to after it, and anew. Returns what ends it.
function loop(video: HTMLVideoElement, hit: number): () => void {
  const from = Math.max(0, hit - before);
  let over = false;
  let round = 0;
  const anew = () => {
    if (++round > rounds) {
      over = true;
      video.pause();
      video.currentTime = hit;
      return;
    }
    video.currentTime = from;
    void video.play().catch(() => {}); // a browser may not play by itself: then the picture stands
  };
  const look = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
    if (over) return;
    if (mediaTime > hit + after) anew();
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  video.addEventListener('ended', anew);
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) video.currentTime = hit;
  else anew();
  return () => {
    over = true;
    video.removeEventListener('ended', anew);
    video.pause();
  };
}

// withDrawings: also a film that has the verdict drawn in.
export function Replay({ place, result, withDrawings }: { place: Place; result: Result; withDrawings: boolean }) {
  const film = useSignal<Film | undefined>(undefined);
  const video = useRef<HTMLVideoElement>(null);
  const path = phrasePath(place);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (left: number) =>
      void filmOf(place, result).then((found) => {
        const better = found && (!film.peek() || !found.drawn);
        if (over || !better) forgetUrl(found?.url ?? '');
        else {
          forgetUrl(film.peek()?.url ?? '');
          film.value = found;
        }
        if (!over && left > 0 && (!found || found.drawn)) timer = setTimeout(() => ask(left - 1), betweenAsks);
      });
    ask(asks);
    return () => {
      over = true;
      clearTimeout(timer);
      forgetUrl(film.peek()?.url ?? '');
      film.value = undefined;
    };
  }, [path]);
  const shown = film.value && (withDrawings || !film.value.drawn) ? film.value : undefined;
  useEffect(() => (shown && video.current ? loop(video.current, shown.hit) : undefined), [shown]);
  if (!shown) return null;
  return (
    <div
      class="frame live-look replay"
      style={{ aspectRatio: `${result.width} / ${result.height}` }}
      aria-hidden="true"
    >
      <div class={`inside ${flipped.value === 'yes' ? 'flipped' : ''}`}>
        <video ref={video} src={shown.url} muted playsInline preload="auto" />
      </div>
    </div>
  );
}
