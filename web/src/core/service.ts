// The service's answers. Every path is relative, so the page works wherever it is put.
import type { GenericSchema, InferOutput } from 'valibot';
import { parsed } from './protocol';

export class ServiceError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export class Service {
  constructor(
    private readonly base: URL,
    private readonly ownToken: () => string,
    // Of a link that somebody was given; it lets in what reads one phrase.
    readonly signature: () => string,
  ) {}

  // By a link the signature counts alone: with a token the service would look among that one's phrases.
  token(): string {
    return this.signature() ? '' : this.ownToken();
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.token()) headers.set('Authorization', `Bearer ${this.token()}`);
    const answer = await fetch(this.url(path), { ...init, headers }).catch(() => {
      throw new ServiceError(0, '');
    });
    if (answer.ok) return answer;
    const body = (await answer.json().catch(() => ({}))) as { error?: string };
    throw new ServiceError(answer.status, body.error ?? answer.statusText);
  }

  async ask<S extends GenericSchema>(path: string, schema: S): Promise<InferOutput<S>> {
    return this.understood(await this.fetch(path), schema);
  }

  async understood<S extends GenericSchema>(answer: Response, schema: S): Promise<InferOutput<S>> {
    const found = parsed(schema, await answer.json());
    if (found === undefined) throw new ServiceError(502, `${answer.url} is not as its documentation says`);
    return found;
  }

  // Asks with a method that changes something, and for its answer.
  async change<S extends GenericSchema>(method: string, path: string, body: unknown, schema: S) {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await this.fetch(path, { method, headers, body: JSON.stringify(body) });
    return this.understood(answer, schema);
  }

  socket(path: string): WebSocket {
    const url = this.url(path);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    // A browser cannot set headers on a WebSocket.
    if (this.token()) url.searchParams.set('token', this.token());
    return new WebSocket(url);
  }

  url(path: string): URL {
    const url = new URL(path, this.base);
    if (this.signature()) url.searchParams.set('sig', this.signature());
    return url;
  }
}
