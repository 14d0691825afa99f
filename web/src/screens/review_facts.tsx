// What the box said, what the reader should know, and the files.
import { Icon } from '../ui/icons';
import { route } from '../ui/route';
import { Said } from '../ui/said';
import { seen } from '../ui/verdict';
import { written } from '../words/language';
import { more } from '../words/more';
import { words } from '../words/words';
import { artifactPath, save } from './phrase_files';
import * as review from './review_state';

function Hits() {
  const t = more.value.review;
  const { phrase } = review.phrase.value!;
  if (!phrase.touches.length) return null;
  return (
    <>
      <h2>{t.box}</h2>
      <ul class="rows">
        {phrase.touches.map(({ side, time, valid, error_ms }) => (
          <li key={side}>
            <button type="button" class={`row of-${side}`} onClick={() => review.goTo(time)}>
              <b class="letter">{words.value.letter[seen(side)]}</b>
              <span class="number">
                {written(time, 3)} s {error_ms ? t.error(written(error_ms, 0)) : ''}
              </span>
              {!valid && <span>{t.offTarget}</span>}
            </button>
          </li>
        ))}
      </ul>
      <p class="quiet small">{t.source[phrase.source ?? ''] ?? ''}</p>
    </>
  );
}

function Files() {
  const t = more.value.review;
  const { artifacts } = review.phrase.value!;
  const known = Object.entries(artifacts).filter(([kind, name]) => name && t.file[kind]);
  return (
    <>
      <h2>{t.files}</h2>
      <ul class="rows">
        {known.map(([kind, name]) => (
          <li key={kind}>
            <button type="button" class="row" onClick={() => save(artifactPath(route.value, name!), name!)}>
              <Icon name="download" /> <span>{t.file[kind]}</span> <small class="quiet">{name}</small>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

export function Facts() {
  const t = more.value.review;
  const found = review.phrase.value!;
  const facts: [string, string][] = [
    [t.fact.frames, String(found.frames_analyzed)],
    [t.fact.missing, String((found.streaming_stats?.missing_frames ?? 0) + found.undecodable_frames)],
    [t.fact.size, `${found.width} × ${found.height}`],
    [t.fact.weapon, words.value.film.weapons[found.weapon as 'sabre'] ?? found.weapon],
    [t.fact.time, t.timeFrom[found.time_source ?? ''] ?? ''],
  ];
  return (
    <section class="facts">
      <Hits />
      {found.warnings.length > 0 && (
        <>
          <h2>{t.warnings}</h2>
          <ul class="warnings">
            {found.warnings.map((warning, i) => (
              <li key={warning}>
                <Said text={warning} said={found.warnings_said[i] ?? []} />
              </li>
            ))}
          </ul>
        </>
      )}
      <Files />
      <details>
        <summary>{t.facts}</summary>
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="number">{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}
