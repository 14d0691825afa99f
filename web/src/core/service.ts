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
    readonly token: () => string,
  ) {}

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
    const answer = parsed(schema, await (await this.fetch(path)).json());
    if (answer === undefined) throw new ServiceError(502, `${path} does not answer as docs/protocol.md says`);
    return answer;
  }

  socket(path: string): WebSocket {
    const url = this.url(path);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    // A browser cannot set headers on a WebSocket.
    if (this.token()) url.searchParams.set('token', this.token());
    return new WebSocket(url);
  }

  url(path: string): URL {
    return new URL(path, this.base);
  }
}
