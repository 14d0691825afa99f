// What the phrase is called, who fenced, and the way to take all of it away.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Names, names as namesOf, phrasePath } from '../core/library';
import { Confirm } from '../ui/confirm';
import { TextField } from '../ui/fields';
import { mayI } from '../ui/role';
import { asking, service } from '../ui/state';
import { more } from '../words/more';
import { words } from '../words/words';
import { listed } from './phrase_files';
import { called } from './review_state';

// As they are typed: between commas.
function tagsIn(typed: string): string[] {
  return [...new Set(typed.split(',').map((tag) => tag.trim()))].filter(Boolean);
}

function Form({ id }: { id: string }) {
  const t = more.value.names;
  const named = useSignal<Names>({ name: '', bout: null, fencers: { left: '', right: '' }, piste: null, tags: [] });
  const typedTags = useSignal('');
  const kept = useSignal(false);
  useEffect(() => {
    void listed(id).then((own) => {
      if (!own) return;
      named.value = own;
      typedTags.value = own.tags.join(', ');
    });
  }, [id]);
  const { name, bout, fencers, piste } = named.value;
  const set = (part: Partial<Names>) => {
    kept.value = false;
    named.value = { ...named.value, ...part };
  };
  const keep = async (event: Event) => {
    event.preventDefault();
    const now = { name, bout, fencers, piste, tags: tagsIn(typedTags.value) };
    const answer = await asking(() => service.change('PATCH', phrasePath({ id }), now, namesOf));
    kept.value = answer !== undefined;
    if (answer) called.value = answer.name;
  };
  return (
    <form class="stack" onSubmit={keep}>
      <TextField label={t.name} value={name} onInput={(typed) => set({ name: typed })} />
      <TextField label={t.left} value={fencers.left} onInput={(left) => set({ fencers: { ...fencers, left } })} />
      <TextField label={t.right} value={fencers.right} onInput={(right) => set({ fencers: { ...fencers, right } })} />
      <TextField label={t.bout} value={bout ?? ''} onInput={(typed) => set({ bout: typed || null })} />
      <TextField
        label={words.value.film.piste}
        value={piste ?? ''}
        onInput={(typed) => set({ piste: typed || null })}
      />
      <TextField
        label={t.tags}
        value={typedTags.value}
        longest={400}
        onInput={(typed) => {
          kept.value = false;
          typedTags.value = typed;
        }}
      />
      {bout && <a href={`#/bout?${new URLSearchParams({ name: bout })}`}>{t.wholeBout}</a>}
      <button type="submit">{t.keep}</button>
      <p role="status">{kept.value && t.kept}</p>
    </form>
  );
}

function Delete({ id }: { id: string }) {
  const t = more.value.names;
  const dialog = useRef<HTMLDialogElement>(null);
  const failed = useSignal(false);
  const remove = async () => {
    const done = await asking(() => service.fetch(phrasePath({ id }), { method: 'DELETE' }));
    dialog.current?.close();
    failed.value = !done;
    if (done) location.hash = '#/piste';
  };
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()}>
        {t.remove}
      </button>
      {failed.value && <p role="alert">{more.value.otherwise.failed}</p>}
      <Confirm dialog={dialog} asks={t.sure} does={t.remove} act={remove} />
    </>
  );
}

// What is there is asked for when somebody opens it.
export function NamesAndMore({ id }: { id: string }) {
  const open = useSignal(false);
  return (
    <details
      class="names"
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>{more.value.names.title}</summary>
      {open.value && (
        <div class="stack">
          <Form id={id} />
          {mayI('own') && <Delete id={id} />}
        </div>
      )}
    </details>
  );
}
