/** The chat API as functions. Knows addresses, headers and shapes; not when to call or retry. */
export type Author = 'customer' | 'bot' | 'agent' | 'system';

export interface QuickReply {
  id: string;
  title: string;
}

export interface Message {
  seq: number;
  author: Author;
  text: string;
  buttons?: QuickReply[] | null;
  at: string;
  reply_to?: number | null;
  /** The client's own id of a customer message, where the desk tells it. */
  id?: string | null;
}

export interface Credentials {
  conversation: string;
  token: string;
}

export interface Page {
  messages: Message[];
  pending: boolean;
}

/** The desk answered, and the answer was no. Anything else that fails is the network. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly retryAfter: number,
  ) {
    super(`HTTP ${status}`);
  }

  /** Whether the same request may well succeed later. */
  get passing(): boolean {
    return this.status === 408 || this.status === 425 || this.status === 429 || this.status >= 500;
  }

  /** Whether the conversation's token is not good (any more). */
  get unknownSession(): boolean {
    return this.status === 401;
  }
}

const REQUEST_LIMIT = 20_000;

/** A signal that ends with any of the others, or after `limit` milliseconds. */
function within(limit: number, other?: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), limit);
  const stop = (): void => {
    clearTimeout(timer);
    controller.abort();
  };
  if (other?.aborted) stop();
  else other?.addEventListener('abort', stop, { once: true });
  return controller.signal;
}

export class Api {
  constructor(private readonly base: string) {}

  async openSession(brand: string, language: string): Promise<Credentials> {
    const answer = await this.call('/sessions', { body: { brand, language } });
    return (await answer.json()) as Credentials;
  }

  async send(token: string, body: object): Promise<{ seq: number }> {
    const answer = await this.call('/messages', { token, body });
    return (await answer.json()) as { seq: number };
  }

  async setLanguage(token: string, language: string): Promise<void> {
    await this.call('/language', { token, body: { language } });
  }

  async messages(token: string, after: number, wait: number, signal: AbortSignal): Promise<Page> {
    const limit = within(REQUEST_LIMIT + wait * 1000, signal);
    const answer = await this.call(`/messages?after=${after}&wait=${wait}`, { token, signal: limit });
    return (await answer.json()) as Page;
  }

  async stream(token: string, after: number, signal: AbortSignal): Promise<Response> {
    const headers = { Accept: 'text/event-stream', 'Last-Event-ID': String(after) };
    return this.call(`/stream?after=${after}`, { token, signal, headers });
  }

  private async call(
    path: string,
    want: { token?: string; body?: object; signal?: AbortSignal; headers?: Record<string, string> },
  ): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', ...want.headers };
    if (want.token) headers.Authorization = `Bearer ${want.token}`;
    if (want.body) headers['Content-Type'] = 'application/json';
    const answer = await fetch(`${this.base}/api/chat${path}`, {
      method: want.body ? 'POST' : 'GET',
      headers,
      body: want.body ? JSON.stringify(want.body) : undefined,
      signal: want.signal ?? within(REQUEST_LIMIT),
      cache: 'no-store',
      credentials: 'omit',
    });
    if (answer.ok) return answer;
    throw new Refused(answer.status, Number(answer.headers.get('Retry-After')) || 0);
  }
}
