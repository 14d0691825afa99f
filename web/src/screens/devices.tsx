// Which devices are paired, and how another one is: a code that is good once, to be scanned or typed in.
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Device, devices as listOf, type Me, me as meOf, type Offered, offered, type Role } from '../core/devices';
import { Confirm } from '../ui/confirm';
import { Select } from '../ui/fields';
import { Icon } from '../ui/icons';
import { when } from '../ui/phrase_row';
import { usePoll } from '../ui/poll';
import { asking, service } from '../ui/state';
import { more } from '../words/more';
import { words } from '../words/words';

const me = signal<Me | undefined>(undefined);
const devices = signal<Device[]>([]);

async function refresh() {
  const answer = await asking(() => service.ask('pair', listOf));
  if (answer) devices.value = answer.devices;
}

function isOfThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}

// The way to the page that was opened here, by its address in the net.
function Code({ text, says }: { text: string; says: string }) {
  const source = service.url(`qr.svg?${new URLSearchParams({ text })}`);
  return (
    <figure class="qr">
      <img src={source.href} alt={says} />
      <figcaption>
        <span class="address">{text}</span>
        {isOfThisMachine(location.hostname) && <p class="notice">{more.value.devices.loopback}</p>}
      </figcaption>
    </figure>
  );
}

function Offer({ offer }: { offer: Offered }) {
  const t = more.value.devices;
  const address = new URL(`#/pair/${encodeURIComponent(offer.code)}`, location.href).href;
  return (
    <section class="stack" aria-label={t.make} role="status">
      <p>
        {t.scan} <b class="code">{offer.code}</b>
      </p>
      <Code text={address} says={address} />
      <p class="quiet">{t.until(when(offer.expires))}</p>
    </section>
  );
}

function Pairing() {
  const t = more.value.devices;
  const role = useSignal<Role>('camera');
  const name = useSignal('');
  const offer = useSignal<Offered | undefined>(undefined);
  const failed = useSignal(false);
  const make = async (event: Event) => {
    event.preventDefault();
    const wish = { role: role.value, device: name.value.trim() };
    offer.value = await asking(() => service.change('POST', 'pair', wish, offered));
    failed.value = !offer.value;
  };
  return (
    <>
      <form class="stack" onSubmit={make}>
        <label class="field">
          {t.name}
          <input
            type="text"
            maxLength={40}
            placeholder={t.example}
            value={name.value}
            onInput={(event) => {
              name.value = event.currentTarget.value;
            }}
          />
        </label>
        <Select
          label={t.role}
          options={t.roles}
          value={role.value}
          onChange={(chosen) => {
            role.value = chosen;
          }}
        />
        <button type="submit" class="main">
          {t.make}
        </button>
      </form>
      {failed.value && <p role="alert">{t.failed}</p>}
      {offer.value && <Offer key={offer.value.code} offer={offer.value} />}
    </>
  );
}

function Row({ device, remove }: { device: Device; remove(): void }) {
  const t = more.value.devices;
  const { role, paired, seen } = device;
  return (
    <li class="row">
      <span class="row-text">
        <b class="cut">{device.device || t.unnamed}</b>
        <small class="quiet">
          {t.roles[role]} · {t.since(when(paired))} · {seen ? t.seen(when(seen)) : t.notSeen}
        </small>
      </span>
      <button type="button" onClick={remove} aria-label={`${t.remove}: ${device.device || t.unnamed}`}>
        {t.remove}
      </button>
    </li>
  );
}

function Paired() {
  const t = more.value.devices;
  const dialog = useRef<HTMLDialogElement>(null);
  const leaving = useSignal<Device | undefined>(undefined);
  const failed = useSignal(false);
  usePoll(refresh, 2);
  const remove = async () => {
    dialog.current?.close();
    const id = leaving.value?.id ?? '';
    const done = await asking(() => service.fetch(`pair/${encodeURIComponent(id)}`, { method: 'DELETE' }));
    failed.value = !done;
    await refresh();
  };
  return (
    <section aria-label={t.paired}>
      <h2>{t.paired}</h2>
      {devices.value.length === 0 && <p class="quiet">{t.none}</p>}
      <ul class="rows">
        {devices.value.map((device) => (
          <Row
            key={device.id}
            device={device}
            remove={() => {
              leaving.value = device;
              dialog.current?.showModal();
            }}
          />
        ))}
      </ul>
      {failed.value && <p role="alert">{t.failed}</p>}
      <Confirm dialog={dialog} asks={t.sure(leaving.value?.device || t.unnamed)} does={t.remove} act={remove} />
    </section>
  );
}

function Open() {
  const t = more.value.devices;
  const address = new URL('.', location.href).href;
  return (
    <>
      <p>{t.open}</p>
      <Code text={address} says={address} />
    </>
  );
}

export function Devices() {
  const t = more.value.devices;
  useEffect(() => {
    void asking(() => service.ask('me', meOf)).then((answer) => {
      me.value = answer;
    });
  }, []);
  return (
    <main id="content" tabIndex={-1} class="narrow stack">
      <a class="button back" href="#/settings">
        <Icon name="back" /> {words.value.nav.settings}
      </a>
      <h1>{words.value.titles.devices}</h1>
      <p class="lead">{t.lead}</p>
      {me.value && !me.value.tokens && <Open />}
      {me.value?.tokens && me.value.role !== 'owner' && <p>{t.notOwner}</p>}
      {me.value?.tokens && me.value.role === 'owner' && (
        <>
          <Pairing />
          <Paired />
        </>
      )}
    </main>
  );
}
