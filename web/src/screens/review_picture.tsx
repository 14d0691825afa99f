// The picture with its layers, and the keys under it.
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { around } from '../core/keypoints';
import { phrasePath } from '../core/library';
import { FramePlayer } from '../player/frame_player';
import { clearSkeletons, drawSkeletons } from '../player/skeleton';
import { Zoom } from '../player/zoom';
import { colours } from '../ui/colours';
import { Icon, type IconName } from '../ui/icons';
import { route } from '../ui/route';
import { flipped } from '../ui/settings';
import { speedWritten, written } from '../words/language';
import { more } from '../words/more';
import { words } from '../words/words';
import { save } from './phrase_files';
import { onKey } from './review_keys';
import * as review from './review_state';

const speeds = [0.1, 0.25, 0.5, 1];
const before = 1.5; // s before the hit, where the first look begins

function Key({ icon, label, onClick, pressed }: { icon: IconName; label: string; onClick(): void; pressed?: boolean }) {
  return (
    <button type="button" class="key" aria-label={label} title={label} aria-pressed={pressed} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

// The moment that a link leads to.
function linked(): number | undefined {
  const time = Number.parseFloat(route.value.query.get('t') ?? '');
  return Number.isFinite(time) ? time : undefined;
}

function lookBegins(): number {
  return Math.max(0, (review.hit.value ?? 0) - before);
}

function Position() {
  const t = more.value.review;
  const { frame, now, hit, exact, speed, playing } = review;
  if (!review.times.value.length) return <p class="position">{'\u00a0'}</p>;
  return (
    <p class="position number">
      {!exact.value && `${t.inexact} `}
      {t.picture(frame.value, written(now.value, 3))}
      {hit.value !== undefined && <span class="quiet"> {t.toHit(Math.round((now.value - hit.value) * 1000))}</span>}
      {playing.value && speed.value !== 1 && <b class="slow"> {speedWritten(speed.value)}</b>}
    </p>
  );
}

function Speeds() {
  const t = more.value.review;
  return (
    <fieldset class="speeds">
      <legend class="hidden-text">{t.keys.speed}</legend>
      {speeds.map((speed) => (
        <button
          key={speed}
          type="button"
          aria-pressed={review.speed.value === speed}
          onClick={() => review.setSpeed(speed)}
        >
          {speedWritten(speed)}
        </button>
      ))}
    </fieldset>
  );
}

// The one that is shown, as it was filmed.
function savePicture() {
  const { id, part } = route.value;
  const number = review.joints.value?.frames[review.frame.value];
  const name = [id, part, number].filter((one) => one !== undefined).join('-');
  void save(phrasePath({ id, part }, `frames/${number}.jpg`), `${name}.jpg`);
}

export function Picture({ help }: { help(): void }) {
  const t = more.value.review;
  const frame = useRef<HTMLElement>(null);
  const inside = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const zoom = useRef<Zoom | null>(null);
  const { phrase, joints, player } = review;
  const { width, height } = phrase.value!;
  const { url, drawn } = review.shot.value;
  // The browser opens the film where the first look begins, so that no other picture flashes up before.
  const [src] = useState(() => `${url}#t=${(linked() ?? lookBegins()).toFixed(3)}`);
  // The overlay has a band below the picture; in the picture's pixels the film is then so high.
  const filmHeight = useSignal(height);
  const measure = ({ videoWidth, videoHeight }: HTMLVideoElement) => {
    if (drawn && videoWidth) filmHeight.value = (width * videoHeight) / videoWidth;
  };

  useEffect(() => {
    const shown = (at: number, exact: boolean) => {
      review.frame.value = at;
      review.exact.value = exact;
    };
    const played = (now: boolean) => {
      review.playing.value = now;
    };
    if (!review.times.value.length) return; // they come after the film
    player.value = new FramePlayer(video.current!, review.times.value, shown, played);
    if (video.current!.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) firstLook();
    return () => player.value?.close();
  }, [review.times.value]);
  useEffect(() => {
    zoom.current = new Zoom(frame.current!, inside.current!);
    video.current!.requestVideoFrameCallback(review.pictureShown);
  }, []);

  // The first look is at real speed: slow motion makes every stop look like a long one. A link may lead to one picture.
  // Where somebody has gone on meanwhile stays.
  const firstLook = () => {
    const own = player.value;
    if (!own || own.frame) return;
    if (review.frame.value) return own.show(review.frame.value); // another film of the same pictures
    if (linked() !== undefined) return review.goTo(linked()!);
    own.show(review.times.value.findIndex((time) => time >= lookBegins()));
    const begin = own.frame;
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches)
      setTimeout(() => player.value === own && own.frame === begin && !own.playing && own.play(1), 400);
  };

  useSignalEffect(() => {
    const [at, shown, points] = [review.frame.value, review.skeletons.value, joints.value];
    const target = canvas.current;
    if (!target) return;
    if (!shown || !points) return clearSkeletons(target);
    drawSkeletons(target, points, at, colours());
  });

  const screen = {
    zoomToFencers: () => {
      const box = joints.value && around(joints.value, review.frame.value);
      if (box && zoom.current?.scale === 1) zoom.current.to(box, width, filmHeight.value);
      else zoom.current?.reset();
    },
    resetZoom: () => zoom.current?.reset(),
    fullScreen: () =>
      void (document.fullscreenElement ? document.exitFullscreen() : frame.current?.requestFullscreen()),
    help,
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event, screen);
    const release = () => player.value?.release();
    addEventListener('keydown', listen);
    addEventListener('keyup', release);
    return () => {
      removeEventListener('keydown', listen);
      removeEventListener('keyup', release);
    };
  });

  return (
    <section class="picture" aria-label={words.value.titles.phrase}>
      <figure ref={frame} class="frame" style={{ aspectRatio: `${width} / ${filmHeight.value}` }}>
        <div ref={inside} class={`inside ${flipped.value === 'yes' ? 'flipped' : ''}`}>
          <video
            ref={video}
            src={src}
            muted
            playsInline
            preload="auto"
            onLoadedMetadata={({ currentTarget }) => measure(currentTarget)}
            onLoadedData={firstLook}
          />
          <canvas
            ref={canvas}
            width={width}
            height={height}
            style={{ height: `${(100 * height) / filmHeight.value}%` }}
          />
        </div>
      </figure>
      <Position />
      <div class="keys">
        <Key icon="previous" label={t.keys.previous} onClick={() => review.goToStop(-1)} />
        <Key icon="back" label={t.keys.back} onClick={() => player.value?.step(-1)} />
        <Key
          icon={review.playing.value ? 'pause' : 'play'}
          label={review.playing.value ? t.keys.pause : t.keys.play}
          onClick={review.toggle}
        />
        <Key icon="forward" label={t.keys.forward} onClick={() => player.value?.step(1)} />
        <Key icon="next" label={t.keys.next} onClick={() => review.goToStop(1)} />
      </div>
      <div class="tools">
        <Speeds />
        <div class="keys small-keys">
          <Key
            icon="skeleton"
            label={t.keys.skeleton}
            pressed={review.skeletons.value}
            onClick={() => {
              review.skeletons.value = !review.skeletons.value;
            }}
          />
          <Key icon="download" label={t.keys.save} onClick={savePicture} />
          <Key icon="zoom" label={t.keys.zoom} onClick={screen.zoomToFencers} />
          <Key icon="full" label={t.keys.full} onClick={screen.fullScreen} />
          <Key icon="help" label={t.keys.help} onClick={help} />
        </div>
      </div>
      {review.speed.value < 1 && <p class="quiet small">{t.slow(speedWritten(review.speed.value))}</p>}
    </section>
  );
}
