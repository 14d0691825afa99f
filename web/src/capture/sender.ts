// One phrase on its way to the service. Connections may be cut and the service may restart: what was not acknowledged is sent
// again, and all of it to a service that has nothing of the session any more, until the verdict is here or it fails.
import type { Spot } from '../core/marks';
import {
  type Decision,
  parsed,
  type Result,
  type Score,
  type Side,
  type StreamMessage,
  streamMessage,
} from '../core/protocol';
import { SentUnits, type Unit } from '../core/window';

export interface PhraseStart {
  session_id: string;
  fps: number;
  width: number;
  height: number;
  encoding: 'h264' | 'jpeg';
  weapon: string;
  fencers?: readonly Spot[];
  piste_corners?: readonly Spot[];
  mode: 'phrase' | 'bout';
  piste?: string;
}

interface Touch {
  side: Side;
  timestamp: number; // s, on the frames' clock
}

export interface Listener {
  connected(now: boolean): void;
  progress(part: number): void;
  decided(decision: Decision): void;
  complete(result: Result): void;
  failed(message: string): void;
  // Of a bout.
  scored(number: number, score: Score): void;
  refused(message: string): void; // a touch; the bout goes on
  boutOver(): void;
}

const pingSeconds = 10;
const longestPause = 4; // s, between two tries to connect
const longestWait = 60; // s, that a service may ask for
const mostNewStarts = 10; // a service that forgets the phrase each time is given up

function pauseOf(asked: number) {
  return Math.min(longestWait, Math.max(0.25, asked));
}

export class PhraseSender {
  readonly unsent: SentUnits;
  first: number | undefined; // when the first picture was taken: the log's zero
  private socket: WebSocket | undefined;
  private talking = false; // the session is this connection's
  private resumeToken = '';
  private newStarts = 0; // of a session that no service knew any more
  private next = 0;
  private fresh = 0; // from here on pictures are sent for the first time on this connection
  private answered = -1; // the newest that was acknowledged
  private total: number | undefined;
  private log = '';
  private touches: Touch[] = []; // not answered
  private heard = 0; // the bout's last phrase that was told
  private over = false;
  private pause = 0.25;
  private readonly pings = setInterval(() => this.ping(), pingSeconds * 1000);

  constructor(
    private readonly connect: () => WebSocket,
    private readonly start: PhraseStart,
    private readonly listener: Listener,
  ) {
    // A bout goes on for hours: what the service has is not kept.
    this.unsent = new SentUnits(start.mode === 'bout' ? 0 : undefined);
    this.open();
  }

  // Of a bout: somebody hits.
  touch(touch: Touch) {
    this.touches.push(touch);
    if (this.talking) this.say({ type: 'touch', ...touch });
  }

  // Pictures that this connection was given as they came and the service has not acknowledged. What was kept while it was cut is no
  // sign of a slow net.
  get waiting(): number {
    return this.talking ? Math.max(0, this.next - Math.max(this.fresh, this.answered + 1)) : 0;
  }

  push(encoded: Omit<Unit, 'number' | 'encoding'>) {
    if (this.over || this.total !== undefined) return;
    this.first ??= encoded.seconds;
    const unit: Unit = { ...encoded, number: this.next++, encoding: this.start.encoding };
    this.unsent.add(unit);
    if (this.talking) this.send(unit);
  }

  // No more pictures come; log: the box's, or what was tapped.
  end(log: string) {
    this.total = this.next;
    this.log = log;
    if (this.talking) this.sayEnd();
  }

  // The phrase is not wanted.
  abort() {
    if (this.talking) this.say({ type: 'session_abort' });
    this.finish();
  }

  private open() {
    const socket = this.connect();
    this.socket = socket;
    socket.onopen = () => this.greet();
    socket.onmessage = ({ data }) => {
      const message = parsed(streamMessage, JSON.parse(String(data)));
      if (message && socket === this.socket) this.hear(message);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.lost();
    };
  }

  private greet() {
    const heard = this.start.mode === 'bout' ? { phrases: this.heard } : {};
    if (this.resumeToken) this.say({ type: 'session_resume', resume_token: this.resumeToken, ...heard });
    else this.say({ type: 'session_start', timestamps: 'capture', ...this.start });
  }

  private lost() {
    this.talking = false;
    if (this.over) return;
    this.listener.connected(false);
    setTimeout(() => !this.over && this.open(), this.pause * 1000);
    this.pause = Math.min(longestPause, this.pause * 2);
  }

  private hear(message: StreamMessage) {
    switch (message.type) {
      case 'session_started':
        this.resumeToken = message.resume_token;
        return this.goOn(false);
      case 'session_resumed':
        if (message.state === 'COMPLETE' || message.state === 'FAILED') return; // its last message follows
        this.unsent.resumed(message.ranges);
        return this.goOn(message.has_signal);
      case 'frame_ack':
        this.answered = Math.max(this.answered, message.frame_number);
        return this.unsent.acknowledge(message.frame_number);
      case 'process_progress':
        if (message.decision) this.listener.decided(message.decision);
        return this.listener.progress(message.progress);
      case 'phrase_decision':
        return this.listener.decided(message.decision);
      case 'phrase_complete':
        this.heard = Math.max(this.heard, message.number);
        return this.listener.scored(message.number, message.score);
      case 'touch_ack':
        this.touches.shift();
        return;
      case 'process_complete':
        this.finish();
        return 'phrases' in message.result ? this.listener.boutOver() : this.listener.complete(message.result);
      case 'error':
        return this.complain(message);
    }
  }

  private goOn(hasSignal: boolean) {
    this.talking = true;
    this.pause = 0.25;
    this.fresh = this.next;
    this.listener.connected(true);
    for (const unit of this.unsent.all()) this.send(unit);
    for (const touch of this.touches) this.say({ type: 'touch', ...touch });
    if (this.total !== undefined) this.sayEnd(hasSignal);
  }

  private complain(error: Extract<StreamMessage, { type: 'error' }>) {
    const unit = error.frame_number === undefined ? undefined : this.unsent.get(error.frame_number);
    if (error.error_code === 'TOUCH_REFUSED') {
      this.touches.shift();
      this.listener.refused(error.error_message);
    } else if (error.recoverable && unit && error.retry_after !== undefined) {
      setTimeout(() => this.talking && this.send(unit), pauseOf(error.retry_after) * 1000);
    } else if (error.recoverable && unit) {
      this.unsent.drop(unit.number); // it will never be taken
    } else if (error.retry_after !== undefined && (this.resumeToken || this.newStarts > 0) && !this.talking) {
      this.pause = pauseOf(error.retry_after);
      this.socket?.close();
    } else if (
      error.error_code === 'SESSION_RESUME_FAILED' &&
      this.newStarts < mostNewStarts &&
      this.unsent.allLost()
    ) {
      ++this.newStarts;
      this.resumeToken = '';
      this.greet();
    } else {
      this.finish();
      this.listener.failed(error.error_message);
    }
  }

  private send({ number, seconds, encoding, bytes }: Unit) {
    this.say({ type: 'frame', frame_number: number, timestamp: seconds, encoding, size: bytes.length });
    this.socket?.send(bytes);
  }

  // The log is kept: a server that has nothing of the session any more needs it again.
  private sayEnd(logThere = false) {
    this.say({ type: 'session_end', total_frames: this.total });
    if (!this.log || logThere) return;
    const bytes = new TextEncoder().encode(this.log);
    this.say({ type: 'signal', filename: 'phrase.txt', size: bytes.length });
    this.socket?.send(bytes);
  }

  private ping() {
    if (this.talking) this.say({ type: 'ping' });
  }

  private say(message: object) {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify({ session_id: this.start.session_id, ...message }));
    }
  }

  private finish() {
    this.over = true;
    this.talking = false;
    clearInterval(this.pings);
    this.socket?.close();
  }
}
