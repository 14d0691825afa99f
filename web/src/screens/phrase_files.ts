// What is kept of a phrase, as a browser can show it.
import { type Keypoints, keypoints } from '../core/keypoints';
import { isOver, type Listed, list, listPath, type Place, phrasePath } from '../core/library';
import { type Result, result } from '../core/protocol';
import { ServiceError } from '../core/service';
import { saveBlob } from '../ui/save';
import { asking, service } from '../ui/state';

// What shows a phrase's film; drawn: with skeletons and verdict in it.
export interface Shot {
  readonly url: string; // empty: there is none
  readonly drawn: boolean;
}

export function artifactPath(place: Place, name: string): string {
  return phrasePath(place, `artifacts/${encodeURIComponent(name)}`);
}

// With a token a link cannot bring it: the file is fetched, then saved.
export async function save(path: string, name: string) {
  const answer = await asking(() => service.fetch(path));
  if (answer) saveBlob(await answer.blob(), name);
}

// A file as the browser can show it: a <video> cannot bring a token, so with one it is fetched first.
async function shownUrl(path: string): Promise<string> {
  if (!service.token()) return service.url(path).href;
  return URL.createObjectURL(await (await service.fetch(path)).blob());
}

const cleanName = 'clean.mp4';

// Made of cameras' pictures after the phrase, when the service has time.
async function hasClean(place: Place): Promise<boolean> {
  const answer = await service.fetch(artifactPath(place, cleanName), { method: 'HEAD' }).catch(() => undefined);
  return answer?.status === 200;
}

async function shotIn(place: Place, name: string, drawn: boolean): Promise<Shot> {
  const url = await asking(() => shownUrl(artifactPath(place, name)));
  return { url: url ?? '', drawn };
}

// Nothing: there is none, or not yet.
export async function cleanShot(place: Place): Promise<Shot | undefined> {
  return (await hasClean(place)) ? shotIn(place, cleanName, false) : undefined;
}

// The film without drawings where there is one: the browser plays H.264, not what cameras' pictures are kept in.
export async function shotOf(place: Place, { artifacts: { video, overlay } }: Result): Promise<Shot> {
  if (video?.endsWith('.mp4')) return shotIn(place, video, false);
  const clean = await cleanShot(place);
  if (clean) return clean;
  return overlay?.endsWith('.mp4') ? shotIn(place, overlay, true) : { url: '', drawn: true };
}

export function forgetUrl(url: string) {
  if (url.startsWith('blob:')) URL.revokeObjectURL(url);
}

export function jointsOf(place: Place): Promise<Keypoints | undefined> {
  return asking(() => service.ask(phrasePath(place, 'keypoints'), keypoints));
}

// As the list has it, with what people call it.
export async function listed(id: string): Promise<Listed | undefined> {
  const answer = await asking(() => service.ask(listPath({ words: id }), list));
  return answer?.sessions.filter(isOver).find((one) => one.id === id);
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
