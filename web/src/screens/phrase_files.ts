// What is kept of a phrase, as a browser can show it.
import { type Keypoints, keypoints } from '../core/keypoints';
import { type Place, phrasePath } from '../core/library';
import { type Result, result } from '../core/protocol';
import { ServiceError } from '../core/service';
import { asking, service } from '../ui/state';

// The film without drawings where there is one: the browser plays H.264, not what cameras' pictures are kept in.
function filmOf({ artifacts }: Result): string | undefined {
  const plays = (name: string | null | undefined) => (name?.endsWith('.mp4') ? name : undefined);
  return plays(artifacts.clean) ?? plays(artifacts.video) ?? plays(artifacts.overlay);
}

export function drawnIn(found: Result): boolean {
  return filmOf(found) === found.artifacts.overlay;
}

export function artifactPath(place: Place, name: string): string {
  return phrasePath(place, `artifacts/${encodeURIComponent(name)}`);
}

// A file as the browser can show it: a <video> cannot bring a token, so with one it is fetched first.
async function shownUrl(path: string): Promise<string> {
  if (!service.token()) return service.url(path).href;
  return URL.createObjectURL(await (await service.fetch(path)).blob());
}

// What shows its film; nothing where there is none.
export async function filmUrl(place: Place, found: Result): Promise<string> {
  const name = filmOf(found);
  return (name && (await asking(() => shownUrl(artifactPath(place, name))))) || '';
}

export function forgetUrl(url: string) {
  if (url.startsWith('blob:')) URL.revokeObjectURL(url);
}

export function jointsOf(place: Place): Promise<Keypoints | undefined> {
  return asking(() => service.ask(phrasePath(place, 'keypoints'), keypoints));
}

// Its result; 'judging': not yet; 'gone': there is none.
export async function resultOf(place: Place): Promise<Result | 'judging' | 'gone'> {
  try {
    const answer = await service.fetch(phrasePath(place, 'result'));
    return answer.status === 202 ? 'judging' : await service.understood(answer, result);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.status === 409) return 'judging';
    if (error.status >= 400 && error.status !== 401) return 'gone';
    throw error;
  }
}
