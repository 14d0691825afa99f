// One of two phrases: its picture with skeletons, how it was judged and why.
import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { FramePlayer } from '../player/frame_player';
import { drawSkeletons } from '../player/skeleton';
import { colours } from '../ui/colours';
import { phraseHref } from '../ui/route';
import { ReasonSaid } from '../ui/said';
import { flipped } from '../ui/settings';
import { Chip } from '../ui/verdict';
import { more } from '../words/more';
import * as compare from './compare_state';

function Picture({ half, film }: { half: compare.Half; film: compare.Film }) {
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { url, drawn } = film.shot;
  useEffect(() => {
    const shown = (at: number) => {
      half.frame.value = at;
      if (half === compare.leader) compare.led();
    };
    const played = half === compare.leader ? compare.played : () => {};
    const player = new FramePlayer(video.current!, film.times, shown, played);
    half.player = player;
    return () => {
      player.close();
      half.player = undefined;
    };
  }, []);
  useSignalEffect(() => {
    const at = half.frame.value;
    if (canvas.current && !drawn) drawSkeletons(canvas.current, film.joints, at, colours());
  });
  const { width, height } = film.result;
  return (
    <figure class="frame" style={{ aspectRatio: `${width} / ${height}` }}>
      <div class={`inside ${flipped.value === 'yes' ? 'flipped' : ''}`}>
        <video ref={video} src={url} muted playsInline preload="auto" onLoadedData={compare.arrived} />
        <canvas ref={canvas} width={width} height={height} />
      </div>
    </figure>
  );
}

export function Half({ half, label }: { half: compare.Half; label: string }) {
  const t = more.value;
  const film = half.film.value;
  if (film === 'loading') return <p role="status" />;
  if (film === 'missing') return <p role="status">{t.compare.missing}</p>;
  const { id, part } = film.place;
  const { winner, confidence, review } = film.result.decision;
  return (
    <section class="half" aria-label={label}>
      <Picture key={film.shot.url} half={half} film={film} />
      <p class="half-verdict">
        <Chip winner={winner} confidence={confidence} review={review} />
        <a class="cut" href={phraseHref(film.place)}>
          {part ? `${id}, ${part}` : id}
        </a>
      </p>
      <p class="quiet">
        <ReasonSaid of={film.result.decision} />
      </p>
    </section>
  );
}
