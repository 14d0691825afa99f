// POST /analyze with its progress, which fetch does not tell.
import type { GenericSchema, InferOutput } from 'valibot';
import { parsed } from '../core/protocol';
import type { Service } from '../core/service';

interface Listener<T> {
  sent(part: number): void;
  done(answer: T): void;
  failed(why: string): void;
}

function answered(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

// Returns what stops it.
export function upload<S extends GenericSchema>(
  service: Service,
  form: FormData,
  schema: S,
  listener: Listener<InferOutput<S>>,
): () => void {
  const request = new XMLHttpRequest();
  request.open('POST', service.url('analyze'));
  if (service.token()) request.setRequestHeader('Authorization', `Bearer ${service.token()}`);
  request.upload.onprogress = ({ loaded, total }) => listener.sent(loaded / total);
  request.upload.onload = () => listener.sent(1);
  request.onerror = () => listener.failed('');
  request.onload = () => {
    const body = answered(request.responseText);
    const answer = request.status === 200 ? parsed(schema, body) : undefined;
    if (answer !== undefined) listener.done(answer);
    else listener.failed((body as { error?: string }).error ?? request.statusText);
  };
  request.send(form);
  return () => request.abort();
}
