// A device comes in by a code: that of the address that was scanned, or one that is typed in. The code is good once, so it is used
// when somebody says so, and not by whatever opens addresses to look at them.
import { useSignal } from '@preact/signals';
import { claimed, type Role } from '../core/devices';
import { ServiceError } from '../core/service';
import { route } from '../ui/route';
import { role, token } from '../ui/settings';
import { access, service } from '../ui/state';
import { more } from '../words/more';
import { words } from '../words/words';

// What one comes for.
const first: Record<Role, string> = { camera: 'film', viewer: 'watch', referee: 'piste', owner: 'piste' };

type Failure = 'wrong' | 'tooMany' | 'nothing' | 'failed';
const failures: Record<number, Failure> = { 404: 'wrong', 429: 'tooMany', 409: 'nothing' };

async function claim(code: string): Promise<Failure | undefined> {
  try {
    const answer = await service.change('POST', 'pair/claim', { code }, claimed);
    role.value = answer.role;
    token.value = answer.token;
    access.value = 'open';
    location.replace(`#/${first[answer.role]}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return failures[error.status] ?? 'failed';
  }
}

export function Pair() {
  const t = more.value.pair;
  const code = useSignal(route.value.id);
  const failure = useSignal<Failure | undefined>(undefined);
  const use = async (event: Event) => {
    event.preventDefault();
    failure.value = undefined;
    failure.value = await claim(code.value);
  };
  return (
    <main id="content" tabIndex={-1} class="narrow stack">
      <h1>{words.value.titles.pair}</h1>
      <p class="lead">{t.lead}</p>
      <form class="stack" onSubmit={use}>
        <label class="field">
          {t.code}
          <input
            type="text"
            class="code"
            required
            maxLength={20}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            value={code.value}
            onInput={(event) => {
              code.value = event.currentTarget.value;
            }}
          />
        </label>
        {token.value && <p class="notice">{t.replaces}</p>}
        {failure.value && <p role="alert">{t[failure.value]}</p>}
        <button type="submit" class="main">
          {t.use}
        </button>
      </form>
    </main>
  );
}
