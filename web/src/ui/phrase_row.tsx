// A phrase in a list: what it is called, when it was, how it was judged, and what a person said.
import { isJudged, type Listed } from '../core/library';
import { language } from '../words/language';
import { words } from '../words/words';
import { Icon } from './icons';
import { boutHref, phraseHref } from './route';
import { blind } from './settings';
import { hasFilm, Thumbnail } from './thumbnail';
import { Chip, colourOf, seen, sides } from './verdict';

export function when(started: string): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(started));
}

export function fencers({ fencers }: Listed): string {
  const names = sides().map((side) => fencers[side]);
  return names.some(Boolean) ? names.map((name) => name || '?').join(' – ') : '';
}

// Today's with the hour alone, this year's without the year: a phone's list is narrow.
function shortly(started: string): string {
  const [then, now] = [new Date(started), new Date()];
  const today = then.toDateString() === now.toDateString();
  const day = { day: 'numeric', month: 'short' } as const;
  const year = then.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  const hour = { hour: 'numeric', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(language.value, today ? hour : { ...day, ...year, ...hour }).format(then);
}

function Said({ human_verdict: said }: Listed) {
  const t = words.value;
  if (!said) return null;
  const colour = said === 'unclear' ? 'of-none' : colourOf(said);
  const letter = said === 'unclear' ? '?' : t.letter[seen(said)];
  const { says, options } = t.person;
  const option = said === 'unclear' ? options.unclear : options[seen(said)];
  return (
    <span class={`said ${colour}`} title={`${says} ${option}`}>
      <Icon name="person" />
      <b aria-hidden="true">{letter}</b>
      <span class="hidden-text">
        {says} {option}
      </span>
    </span>
  );
}

// What a row says of it.
export function PhraseText({ phrase }: { phrase: Listed }) {
  const hidden = blind.value === 'yes' && !phrase.human_verdict;
  const called = phrase.name || fencers(phrase) || phrase.id;
  const piste = phrase.piste && `${words.value.nav.piste} ${phrase.piste}`;
  const names = called === fencers(phrase) ? '' : fencers(phrase);
  const more = [shortly(phrase.started), piste, names, phrase.bout, ...phrase.tags].filter(Boolean).join(' · ');
  return (
    <>
      {isJudged(phrase) && hasFilm(phrase) && <Thumbnail of={phrase} version={phrase.version} />}
      <span class="row-text">
        <b class="cut">{called}</b>
        <small class="cut quiet number">{more}</small>
      </span>
      <Said {...phrase} />
      {!isJudged(phrase) && <span class="quiet">{words.value.titles.bout}</span>}
      {isJudged(phrase) && !hidden && (
        <Chip winner={phrase.winner} confidence={phrase.confidence} review={phrase.review} />
      )}
    </>
  );
}

// href: where it leads, if not to the phrase or bout itself.
export function PhraseRow({ phrase, href }: { phrase: Listed; href?: string }) {
  return (
    <li>
      <a class="row" href={href ?? (isJudged(phrase) ? phraseHref(phrase) : boutHref(phrase.id))}>
        <PhraseText phrase={phrase} />
      </a>
    </li>
  );
}
