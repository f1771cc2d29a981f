/** Who this browser is to the desk: one conversation a brand, kept across reloads.
    The browser never chooses a conversation; it remembers the one it was given. */
import type { Api, Credentials } from './api.ts';
import { readJson, writeJson, type Shelf } from './storage.ts';
import type { Language } from '../strings/index.ts';

export interface Session extends Credentials {
  language: Language;
}

export class Sessions {
  private opening: Promise<Session> | null = null;

  constructor(
    private readonly api: Pick<Api, 'openSession'>,
    private readonly shelf: Shelf,
    private readonly brand: string,
  ) {}

  private get key(): string {
    return `refund-desk:session:${this.brand}`;
  }

  /** The remembered session, or null before the first and after `forget`. */
  current(): Session | null {
    const kept = readJson<Session>(this.shelf, this.key);
    return kept?.token && kept.conversation ? kept : null;
  }

  /** The session to use: the remembered one, else a new one (asked for once, however often called). */
  ensure(language: Language): Promise<Session> {
    const kept = this.current();
    if (kept) return Promise.resolve(kept);
    this.opening ??= this.open(language).finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  remember(session: Session): void {
    writeJson(this.shelf, this.key, session);
  }

  /** Drop the session with this token; one that another tab has opened meanwhile stays. */
  forget(token: string): void {
    if (this.current()?.token === token) this.shelf.removeItem(this.key);
  }

  private async open(language: Language): Promise<Session> {
    const { conversation, token } = await this.api.openSession(this.brand, language);
    const other = this.current();
    if (other) return other;
    const session = { conversation, token, language };
    this.remember(session);
    return session;
  }
}
