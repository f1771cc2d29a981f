/** Brings the desk's messages, each once and in order, over whatever connection there is.
    A stream first; when streams keep failing (a proxy that buffers, say), long polls. Knows the
    cursor and the reconnecting; what a message looks like on screen is not its business. */
import { Refused, type Api, type Message } from './api.ts';
import { backoff, Pause } from './backoff.ts';
import { readEvents, type ServerEvent } from './sse.ts';

export type Connection = 'connecting' | 'online' | 'reconnecting';

export interface Hooks {
  messages(messages: Message[]): void;
  typing(active: boolean): void;
  /** The desk's word on whether an answer is still due, and on who answers. */
  status(status: { pending?: boolean; status?: string }): void;
  connection(state: Connection): void;
  /** The token is no longer good; called once, after which this delivery has stopped. */
  lost(): void;
}

const POLL_SECONDS = 25;
// The desk's heartbeat comes every 15 seconds.
const STALE = 20_000;
const SILENCE_LIMIT = 40_000;
const STREAM_FAILURES_BEFORE_POLLING = 2;
const POLLS_BEFORE_STREAM = 20;

export class Delivery {
  private readonly stopper = new AbortController();
  private attempt = new AbortController();
  private readonly pause = new Pause();
  private failures = 0;
  private streamFailures = 0;
  private polls = 0;
  private heard = 0;
  private hurried = false;

  constructor(
    private readonly api: Pick<Api, 'messages' | 'stream'>,
    private readonly token: string,
    private cursor: number,
    private readonly hooks: Hooks,
    private readonly wait = (ms: number): Promise<void> => this.pause.sleep(ms),
  ) {}

  /** Runs until stopped, or until the desk disowns the token. */
  async run(): Promise<void> {
    this.hooks.connection('connecting');
    while (!this.stopper.signal.aborted) {
      this.attempt = new AbortController();
      try {
        if (this.streamFailures < STREAM_FAILURES_BEFORE_POLLING) await this.streamOnce();
        else await this.pollOnce();
      } catch (error) {
        if (this.stopper.signal.aborted) return;
        if (error instanceof Refused && error.unknownSession) return this.hooks.lost();
        await this.recover(error);
      }
    }
  }

  stop(): void {
    this.stopper.abort();
    this.reconnect();
  }

  /** Someone is looking again: end any wait, and let go of a stream that has gone quiet. */
  wake(): void {
    if (Date.now() - this.heard > STALE) this.reconnect();
    else this.pause.wake();
  }

  /** Let go of a connection that may be dead without knowing it, and try at once. */
  reconnect(): void {
    this.hurried = true;
    this.attempt.abort();
    this.pause.wake();
  }

  private async recover(error: unknown): Promise<void> {
    const { hurried } = this;
    this.hurried = false;
    if (hurried) return;
    this.failures += 1;
    this.hooks.typing(false);
    this.hooks.connection('reconnecting');
    const told = error instanceof Refused ? error.retryAfter * 1000 : 0;
    await this.wait(told || backoff(this.failures));
  }

  /** One stream, until it ends; a server that closes it in good order is simply asked again. */
  private async streamOnce(): Promise<void> {
    const { signal } = this.attempt;
    let alive = false;
    let watchdog = setTimeout(() => this.attempt.abort(), SILENCE_LIMIT);
    try {
      const answer = await this.api.stream(this.token, this.cursor, signal);
      const body = answer.body;
      if (!body || !answer.headers.get('Content-Type')?.startsWith('text/event-stream')) {
        throw new TypeError('not a stream');
      }
      this.arrived();
      for await (const event of readEvents(body)) {
        alive = true;
        this.heard = Date.now();
        this.streamFailures = 0;
        clearTimeout(watchdog);
        watchdog = setTimeout(() => this.attempt.abort(), SILENCE_LIMIT);
        await this.receive(event, signal);
      }
      if (!alive) throw new TypeError('an empty stream');
      await this.wait(backoff(1));
    } catch (error) {
      if (!alive && !signal.aborted) this.streamFailures += 1;
      throw error;
    } finally {
      clearTimeout(watchdog);
    }
  }

  private async pollOnce(): Promise<void> {
    // The first poll asks for what is there already, so that "online" is soon known.
    const wait = this.failures || this.polls === 0 ? 0 : POLL_SECONDS;
    const page = await this.api.messages(this.token, this.cursor, wait, this.attempt.signal);
    this.arrived();
    this.take(page.messages);
    this.hooks.status({ pending: page.pending });
    this.polls += 1;
    if (this.polls % POLLS_BEFORE_STREAM === 0) this.streamFailures = 0;
  }

  private async receive({ event, data }: ServerEvent, signal: AbortSignal): Promise<void> {
    if (event === 'beat') return;
    const content = JSON.parse(data || '{}');
    if (event === 'message') await this.inOrder(content as Message, signal);
    else if (event === 'typing') this.hooks.typing(content.typing);
    else if (event === 'status') this.hooks.status(content);
  }

  /** A number skipped means something was missed: ask for all since the cursor instead. */
  private async inOrder(message: Message, signal: AbortSignal): Promise<void> {
    if (message.seq <= this.cursor + 1) return this.take([message]);
    const page = await this.api.messages(this.token, this.cursor, 0, signal);
    this.take(page.messages);
    this.take([message]);
  }

  private take(messages: Message[]): void {
    const fresh = messages.filter(({ seq }) => seq > this.cursor);
    if (fresh.length === 0) return;
    this.cursor = Math.max(...fresh.map(({ seq }) => seq));
    this.hooks.messages(fresh);
  }

  private arrived(): void {
    this.heard = Date.now();
    this.hurried = false;
    this.failures = 0;
    this.hooks.connection('online');
  }
}
