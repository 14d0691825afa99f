// How often people and the service were of one mind: judged blind and not, by how sure it was, by month; numbers first, shares with
// what they may be.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { bands, byBlindness, byMonth, bySureness, type Count, count, interval, settled } from '../core/agreement';
import { isJudged, type Judged, read } from '../core/library';
import { Icon } from '../ui/icons';
import { asking, service } from '../ui/state';
import { language, written } from '../words/language';
import { more } from '../words/more';
import { words } from '../words/words';
import { Calibration } from './agreement_plot';

const mostPages = 20; // of 500 phrases

async function all(): Promise<Judged[]> {
  return (await read(service, { limit: 500 }, mostPages)).found.filter(isJudged);
}

function percent(share: number) {
  return Math.round(share * 100);
}

function Row({ name, of }: { name: string; of: Count }) {
  const t = more.value.agreement;
  const [low, high] = interval(of);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{t.of(of.agreed, of.of)}</td>
      <td>{of.of > 0 && t.between(percent(low), percent(high))}</td>
      <td>{of.of > 0 && t.expected(percent(of.expected))}</td>
    </tr>
  );
}

function bandName(at: number): string {
  const to = bands[at + 1];
  const range = `${written(bands[at]!, 2)} – ${written(to ?? 1, 2)}`;
  return `${words.value.sure.words(bands[at]!)}, ${range}`;
}

function month(text: string): string {
  return new Intl.DateTimeFormat(language.value, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(text),
  );
}

function Table({ caption, children }: { caption: string; children: preact.ComponentChildren }) {
  return (
    <table class="counts-table number">
      <caption>{caption}</caption>
      <tbody>{children}</tbody>
    </table>
  );
}

function Found({ phrases }: { phrases: Judged[] }) {
  const t = more.value.agreement;
  const whole = count(phrases);
  const unclear = phrases.filter(({ human_verdict }) => human_verdict === 'unclear').length;
  const { blind, seen } = byBlindness(phrases);
  if (!settled(phrases).length) return <p>{t.none(phrases.length)}</p>;
  return (
    <>
      <Table caption={t.byBlindness}>
        <Row name={t.blind} of={blind} />
        <Row name={t.seen} of={seen} />
      </Table>
      <p class="quiet">{t.honest}</p>
      <p class="quiet number">
        {unclear > 0 && t.unclear(unclear)} {t.notSaid(phrases.length - whole.of - unclear)}
      </p>
      <Table caption={t.bySureness}>
        {bySureness(phrases).map((one, at) => (
          <Row key={bands[at]} name={bandName(at)} of={one} />
        ))}
      </Table>
      <Calibration counts={bySureness(phrases)} />
      <Table caption={t.byMonth}>
        {byMonth(phrases).map(([name, one]) => (
          <Row key={name} name={month(name)} of={one} />
        ))}
      </Table>
    </>
  );
}

export function Agreement() {
  const phrases = useSignal<Judged[] | undefined>(undefined);
  useEffect(() => {
    void asking(all).then((found) => {
      phrases.value = found;
    });
  }, []);
  return (
    <main id="content" tabIndex={-1} class="narrow">
      <a class="button" href="#/piste">
        <Icon name="back" /> {more.value.review.back}
      </a>
      <h1>{words.value.titles.agreement}</h1>
      {phrases.value && <Found phrases={phrases.value} />}
    </main>
  );
}
