// A link for people who have no token: it shows one phrase or bout, for a time.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { link as linkOf, phrasePath } from '../core/library';
import { Select } from '../ui/fields';
import { Icon } from '../ui/icons';
import { when } from '../ui/phrase_row';
import { asking, service } from '../ui/state';
import { more } from '../words/more';

type Lasts = '60' | '1440' | '10080' | '43200'; // minutes

interface Made {
  address: string;
  expires: string;
}

// Where the page is not safe (http), browsers have neither clipboard nor share sheet: the text is marked then, to be copied by hand.
async function copy(field: HTMLInputElement): Promise<boolean> {
  field.select();
  return (
    (await navigator.clipboard?.writeText(field.value).then(
      () => true,
      () => false,
    )) ?? false
  );
}

function Ready({ made }: { made: Made }) {
  const t = more.value.share;
  const field = useRef<HTMLInputElement>(null);
  const copied = useSignal<boolean | undefined>(undefined);
  const share = () => void navigator.share({ title: t.title, url: made.address }).catch(() => {}); // nobody was chosen
  return (
    <>
      <label class="field">
        {t.until(when(made.expires))}
        <input ref={field} type="text" readOnly value={made.address} />
      </label>
      <div class="pair">
        <button
          type="button"
          onClick={async () => {
            copied.value = await copy(field.current!);
          }}
        >
          {t.copy}
        </button>
        {'share' in navigator && (
          <button type="button" onClick={share}>
            {t.send}
          </button>
        )}
      </div>
      <p role="status">{copied.value !== undefined && (copied.value ? t.copied : t.marked)}</p>
    </>
  );
}

// page: the address of what is shown, without what lets somebody in; asked when the link is made.
export function Share({ id, page }: { id: string; page(): string }) {
  const t = more.value.share;
  const lasts = useSignal<Lasts>('1440');
  const made = useSignal<Made | undefined>(undefined);
  const failed = useSignal(false);
  const make = async () => {
    const body = { minutes: Number(lasts.value) };
    const answer = await asking(() => service.change('POST', phrasePath({ id }, 'links'), body, linkOf));
    failed.value = !answer;
    if (!answer) return;
    const [hash, query] = page().split('?');
    const whole = new URLSearchParams(query);
    whole.set('sig', answer.sig);
    made.value = { address: new URL(`${hash}?${whole}`, location.href).href, expires: answer.expires };
  };
  return (
    <details class="share">
      <summary>
        <Icon name="share" /> {t.title}
      </summary>
      <div class="stack">
        <p class="quiet">{t.lead}</p>
        <Select
          label={t.lasts}
          options={t.times as Record<Lasts, string>}
          value={lasts.value}
          onChange={(chosen) => {
            lasts.value = chosen;
          }}
        />
        <button type="button" onClick={make}>
          {t.make}
        </button>
        {made.value && <Ready key={made.value.address} made={made.value} />}
        {failed.value && <p role="alert">{t.failed}</p>}
      </div>
    </details>
  );
}
