/** What the customer said and the desk has not acknowledged yet.
    Each entry has the client's own id, so that sending it again is harmless; entries go out one
    after the other, wait out failures, and survive a reload. Knows nothing of HTTP: `deliver`
    does, and says by its error what became of the entry. */
import { backoff, Pause } from './backoff.ts';
import { readJson, writeJson, type Shelf } from './storage.ts';

export interface Entry {
  id: string;
  at: string;
  text?: string;
  button?: string;
  /** What a pressed button said, to show until the desk's own record arrives. */
  title?: string;
  language?: string;
  /** Set when the desk refused it for good; it no longer holds up the others. */
  failed?: 'tooLong' | 'rejected' | 'closed';
}

/** Raised by `deliver` for an entry that will never be accepted as it is. */
export class Hopeless extends Error {
  constructor(readonly reason: NonNullable<Entry['failed']>) {
    super(reason);
  }
}

/** Raised by `deliver` when the desk says how long to wait. */
export class Later extends Error {
  constructor(readonly milliseconds: number) {
    super('later');
  }
}

export class Outbox {
  private running = false;
  private memory: Entry[] = [];
  private readonly pause = new Pause();

  constructor(
    private readonly shelf: Shelf,
    private readonly brand: string,
    private readonly deliver: (entry: Entry) => Promise<void>,
    private readonly changed: () => void,
    private readonly wait = (ms: number): Promise<void> => this.pause.sleep(ms),
  ) {}

  private get key(): string {
    return `refund-desk:outbox:${this.brand}`;
  }

  /** All that is unsent, oldest first. Storage is the truth: another tab may have changed it. */
  entries(): Entry[] {
    return readJson<Entry[]>(this.shelf, this.key) ?? this.memory;
  }

  add(what: Omit<Entry, 'id' | 'at'>): Entry {
    const entry = { id: newId(), at: new Date().toISOString(), ...what };
    this.write([...this.entries(), entry]);
    void this.drain();
    return entry;
  }

  remove(id: string): void {
    this.write(this.entries().filter((entry) => entry.id !== id));
  }

  clear(): void {
    this.write([]);
  }

  /** Try at once instead of sitting out the current wait. */
  wake(): void {
    this.pause.wake();
    void this.drain();
  }

  /** Send all that can be sent; returns when nothing sendable is left. Never runs twice at once. */
  async drain(): Promise<void> {
    if (this.running) return;
    this.running = true;
    let failures = 0;
    for (let next = this.next(); next; next = this.next()) {
      const delay = await this.attempt(next, failures + 1);
      failures = delay === null ? 0 : failures + 1;
      if (delay !== null) await this.wait(delay);
    }
    this.running = false;
  }

  private next(): Entry | undefined {
    return this.entries().find((entry) => !entry.failed);
  }

  /** Send one entry. Returns how long to wait before trying again, or null when it is settled. */
  private async attempt(entry: Entry, failures: number): Promise<number | null> {
    try {
      await this.deliver(entry);
      this.remove(entry.id);
      return null;
    } catch (error) {
      if (error instanceof Hopeless) {
        const failed = error.reason;
        this.write(this.entries().map((each) => (each.id === entry.id ? { ...each, failed } : each)));
        return null;
      }
      return error instanceof Later && error.milliseconds ? error.milliseconds : backoff(failures);
    }
  }

  private write(entries: Entry[]): void {
    this.memory = entries;
    writeJson(this.shelf, this.key, entries);
    this.changed();
  }
}

/** A random UUID; `crypto.randomUUID` is missing where the page is not a secure context. */
export function newId(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
