/** One brand's conversation as the screen needs it: session, outbox and delivery put together.
    Emits `change` whenever a new `view()` is worth drawing. Draws nothing itself. */
import { Api, Refused, type Message } from './api.ts';
import { backoff, Pause } from './backoff.ts';
import { Delivery, type Connection } from './delivery.ts';
import { Hopeless, Later, Outbox, type Entry } from './outbox.ts';
import { Sessions } from './session.ts';
import type { Shelf } from './storage.ts';
import { viewOf, type View } from './view.ts';
import type { Language } from '../strings/index.ts';

const ANSWER_LIMIT = 40_000;

export class Conversation extends EventTarget {
  readonly known = new Map<number, Message>();
  connection: Connection | 'idle' | 'refused' = 'idle';
  status = 'bot';
  typing = false;
  renewed = false;
  readonly outbox: Outbox;
  private readonly sessions: Sessions;
  private delivery: Delivery | null = null;
  private readonly pause = new Pause();
  private running = false;
  private dueTimer = 0;
  private generation = 0;
  private inFlight: Entry | null = null;

  constructor(
    private readonly api: Api,
    shelf: Shelf,
    brand: string,
    public language: Language,
  ) {
    super();
    this.sessions = new Sessions(api, shelf, brand);
    this.language = this.sessions.current()?.language ?? language;
    this.outbox = new Outbox(shelf, brand, (entry) => this.deliver(entry), () => this.changed());
  }

  /** Whether this browser has talked to this brand before. */
  get begun(): boolean {
    return this.sessions.current() !== null;
  }

  view(): View {
    return viewOf(this, this.outbox.entries(), navigator.onLine);
  }

  /** Connect, once; returns when the session is there (or the desk will have none). */
  async start(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.connect('connecting');
    const generation = ++this.generation;
    for (let failures = 1; generation === this.generation; failures += 1) {
      try {
        const session = await this.sessions.ensure(this.language);
        if (generation === this.generation) this.listen(session.token);
        return;
      } catch (error) {
        if (error instanceof Refused && !error.passing) {
          this.running = false;
          return this.connect('refused');
        }
        this.connect('reconnecting');
        await this.pause.sleep(backoff(failures));
      }
    }
  }

  stop(): void {
    this.generation += 1;
    this.running = false;
    this.delivery?.stop();
    this.delivery = null;
    this.pause.wake();
    clearTimeout(this.dueTimer);
  }

  /** Someone is looking again, or (`afresh`) the network came back: what waits tries now. */
  wake(afresh: boolean): void {
    this.pause.wake();
    if (afresh) this.delivery?.reconnect();
    else this.delivery?.wake();
    if (this.running) this.outbox.wake();
    this.changed();
  }

  say(text: string): void {
    this.outbox.add({ text });
    void this.start();
  }

  press(button: string, title: string): void {
    this.outbox.add({ button, title });
  }

  /** Speak this language from now on; told to the desk in its turn, so that no answer crosses it. */
  speak(language: Language): void {
    if (language === this.language) return;
    this.language = language;
    const session = this.sessions.current();
    if (session) {
      this.sessions.remember({ ...session, language });
      this.outbox.add({ language });
    }
    this.changed();
  }

  async startOver(): Promise<void> {
    const session = this.sessions.current();
    this.stop();
    this.outbox.clear();
    if (session) this.sessions.forget(session.token);
    this.reset(false);
    await this.start();
  }

  private listen(token: string): void {
    this.delivery = new Delivery(this.api, token, 0, {
      messages: (messages) => this.arrived(messages),
      typing: (active) => this.setTyping(active),
      status: ({ pending, status }) => {
        this.status = status ?? this.status;
        if (pending !== undefined) this.setTyping(pending);
        this.changed();
      },
      connection: (state) => this.connect(state),
      lost: () => void this.renew(token),
    });
    void this.delivery.run();
    void this.outbox.drain();
  }

  private async deliver(entry: Entry): Promise<void> {
    const { token } = await this.sessions.ensure(this.language);
    try {
      if (entry.language) return await this.api.setLanguage(token, entry.language);
      const { id, text, button } = entry;
      this.inFlight = entry;
      const { seq } = await this.api.send(token, button ? { id, button } : { id, text });
      // After "start over" this answer belongs to a conversation that is no longer shown.
      if (this.sessions.current()?.token === token) this.acknowledged(entry, seq);
    } catch (error) {
      this.inFlight = null;
      if (!(error instanceof Refused)) throw error;
      if (error.unknownSession) await this.renew(token);
      else if (!error.passing && entry.language) return;
      else if (!error.passing) throw new Hopeless(reasonFor(error.status));
      throw new Later(error.retryAfter * 1000);
    }
  }

  private acknowledged(entry: Entry, seq: number): void {
    const { id, at } = entry;
    this.inFlight = null;
    for (const message of this.known.values()) if (message.id === id) message.id = null;
    const told = this.known.get(seq) ?? { seq, author: 'customer', text: wordsOf(entry), at };
    this.known.set(seq, { ...told, id });
    this.awaitAnswer();
  }

  private arrived(messages: Message[]): void {
    for (const message of messages) {
      const id = message.id ?? this.known.get(message.seq)?.id ?? this.claim(message);
      this.known.set(message.seq, { ...message, id });
    }
    this.awaitAnswer();
  }

  /** The stream may bring the customer's own words before the desk's acknowledgement does: then
      they are the entry on its way, and must not stand there twice for that moment. */
  private claim({ author, text }: Message): string | null {
    const entry = this.inFlight;
    if (!entry || author !== 'customer' || wordsOf(entry) !== text) return null;
    this.inFlight = null;
    return entry.id;
  }

  /** An answer is due while the customer had the last word and no person is being fetched. */
  private awaitAnswer(): void {
    const last = this.known.get(Math.max(0, ...this.known.keys()));
    this.setTyping(last?.author === 'customer' && this.status === 'bot');
  }

  private setTyping(active: boolean): void {
    clearTimeout(this.dueTimer);
    this.typing = active;
    if (active) this.dueTimer = window.setTimeout(() => this.setTyping(false), ANSWER_LIMIT);
    this.changed();
  }

  /** The desk has forgotten this conversation: begin another; words not yet sent go there. */
  private async renew(token: string): Promise<void> {
    if (this.sessions.current()?.token !== token) return;
    this.stop();
    this.sessions.forget(token);
    for (const { id, text } of this.outbox.entries()) if (!text) this.outbox.remove(id);
    this.reset(true);
    await this.start();
  }

  private reset(renewed: boolean): void {
    this.known.clear();
    this.status = 'bot';
    this.typing = false;
    this.renewed = renewed;
    this.changed();
  }

  private connect(state: Conversation['connection']): void {
    this.connection = state;
    this.changed();
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}

function wordsOf({ text, title }: Entry): string {
  return text ?? title ?? '';
}

function reasonFor(status: number): NonNullable<Entry['failed']> {
  if (status === 413) return 'tooLong';
  return status === 410 ? 'closed' : 'rejected';
}
