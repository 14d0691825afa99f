// What becomes of the phrases, as the service tells it; after a cut it goes on where it was.
import { useEffect } from 'preact/hooks';
import { type LiveEvent, liveEvent } from '../core/live';
import { parsed, statistics } from '../core/protocol';
import { asking, online, service } from './state';

const longestPause = 4; // s, between two tries

class Events {
  private socket: WebSocket | undefined;
  private since: number | undefined;
  private pause = 0.25;
  private timer = 0;
  private over = false;

  constructor(private readonly hear: (event: LiveEvent) => void) {
    this.open();
  }

  close() {
    this.over = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  private open() {
    const socket = service.socket(this.since === undefined ? 'events' : `events?since=${this.since}`);
    this.socket = socket;
    socket.onmessage = ({ data }) => this.take(parsed(liveEvent, JSON.parse(String(data))));
    socket.onclose = () => !this.over && void this.again();
  }

  private take(event: LiveEvent | undefined) {
    if (!event) return; // of a later version
    online.value = true;
    this.pause = 0.25;
    // First hello tells of the last event so far, then those that were missed come.
    if (event.type !== 'hello' || this.since === undefined || event.missed) this.since = event.seq;
    this.hear(event);
  }

  // Why a WebSocket was refused a browser does not say: a question that needs the same token does.
  private async again() {
    await asking(() => service.ask('streaming/stats', statistics));
    if (this.over) return;
    this.timer = window.setTimeout(() => this.open(), this.pause * 1000);
    this.pause = Math.min(longestPause, this.pause * 2);
  }
}

export function useEvents(hear: (event: LiveEvent) => void) {
  useEffect(() => {
    const events = new Events(hear);
    return () => events.close();
  }, []);
}
