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

async function newest(id: string): Promise<ImageBitmap | undefined> {
  const answer = await asking(() => service.fetch(phrasePath({ id }, 'live.jpg')));
  return answer?.status === 200 ? createImageBitmap(await answer.blob()) : undefined;
}

export function Live({ id }: { id: string }) {
  const picture = useRef<HTMLCanvasElement>(null);
  const joints = useRef<HTMLCanvasElement>(null);
  const missed = useRef(0);
  // What is shown is what is there now: after two pictures that did not come it is none.
  usePoll(async () => {
    const found = await newest(id).catch(() => undefined);
    missed.current = found ? 0 : missed.current + 1;
    const canvas = picture.current;
    const context = canvas?.getContext('2d');
    if (canvas && missed.current > 1) context?.clearRect(0, 0, canvas.width, canvas.height);
    if (canvas && found) context?.drawImage(found, 0, 0, canvas.width, canvas.height);
    found?.close();
  }, 1);
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
