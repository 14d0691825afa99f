// What is being fenced, as the service sees it: a picture about every second, and the skeletons over it as they are found.
import { signal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { phrasePath } from '../core/library';
import type { Sighted } from '../core/live';
import { drawPoses } from '../player/skeleton';
import { colours } from '../ui/colours';
import { usePoll } from '../ui/poll';
import { flipped } from '../ui/settings';
import { asking, service } from '../ui/state';

// The newest of all.
export const sight = signal<Sighted | undefined>(undefined);

async function show(id: string, canvas: HTMLCanvasElement | null) {
  const answer = await asking(() => service.fetch(phrasePath({ id }, 'live.jpg')));
  if (!canvas || answer?.status !== 200) return;
  const picture = await createImageBitmap(await answer.blob());
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
}

export function Live({ id }: { id: string }) {
  const picture = useRef<HTMLCanvasElement>(null);
  const joints = useRef<HTMLCanvasElement>(null);
  usePoll(() => show(id, picture.current), 1);
  useSignalEffect(() => {
    const now = sight.value;
    if (joints.current && now?.session_id === id) drawPoses(joints.current, now, colours());
  });
  const now = sight.value;
  if (now?.session_id !== id) return null;
  const { width, height } = now;
  return (
    <div class="frame live-look" style={{ aspectRatio: `${width} / ${height}` }} aria-hidden="true">
      <div class={`inside ${flipped.value === 'yes' ? 'flipped' : ''}`}>
        <canvas ref={picture} width={width} height={height} />
        <canvas ref={joints} width={width} height={height} />
      </div>
    </div>
  );
}
