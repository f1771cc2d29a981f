/** `<refund-desk brand language name>`: the whole chat as one element. `language` is the one to
    begin in; a conversation keeps its own, which `speak` changes.
    Chooses between launcher and panel, owns the conversation, and remembers for this tab whether
    the panel was open and what was being written. */
import { html, LitElement, type PropertyValues } from 'lit';
import { Api } from '../core/api.ts';
import { Conversation } from '../core/conversation.ts';
import { browserShelf, readJson, writeJson } from '../core/storage.ts';
import '../launcher/launcher.ts';
import type { Launcher } from '../launcher/launcher.ts';
import '../panel/panel.ts';
import type { Panel } from '../panel/panel.ts';
import { languageOf, stringsOf } from '../strings/index.ts';
import type { Actions } from './actions.ts';
import styles from './refund-desk.css';

/** Where the desk is: where this script came from. */
const HOME = new URL(import.meta.url).origin;

export class RefundDesk extends LitElement {
  static override styles = styles;
  static override properties = {
    brand: {},
    language: {},
    name: {},
    opened: { state: true },
    draft: { state: true },
  };
  brand = '';
  language = '';
  /** The brand's name, for the chat's title. */
  name = '';
  private opened = false;
  private draft = '';
  private get launcher(): Launcher | null {
    return this.renderRoot.querySelector<Launcher>('refund-desk-launcher');
  }

  private get panel(): Panel | null {
    return this.renderRoot.querySelector<Panel>('refund-desk-panel');
  }

  private conversation!: Conversation;
  private readonly lasting = browserShelf('localStorage');
  private readonly ofThisTab = browserShelf('sessionStorage');

  override connectedCallback(): void {
    super.connectedCallback();
    for (const name of WAKING) window.addEventListener(name, this.wake);
    document.addEventListener('visibilitychange', this.wake);
    if (this.hasUpdated) this.resume();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const name of WAKING) window.removeEventListener(name, this.wake);
    document.removeEventListener('visibilitychange', this.wake);
    this.conversation.stop();
  }

  /** Show the chat and put the cursor where one writes. */
  async open(): Promise<void> {
    this.setOpened(true);
    void this.conversation.start();
    await this.updateComplete;
    await this.panel?.updateComplete;
    this.panel?.focus();
  }

  /** Back to the button; the conversation goes on. */
  async close(): Promise<void> {
    this.setOpened(false);
    await this.updateComplete;
    await this.launcher?.updateComplete;
    this.launcher?.focus();
  }

  /** Open the chat with these words in the composer, for the customer to send or change. */
  async compose(text: string): Promise<void> {
    await this.open();
    this.panel?.putBack(text);
  }

  /** Speak another language, in the chat's own texts and in the bot's answers. */
  speak(language: string): void {
    this.conversation.speak(languageOf(language));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('brand') || !this.conversation) this.begin();
  }

  /** Take up this brand's conversation: a remembered one at once, a new one when it is opened. */
  private begin(): void {
    this.conversation?.stop();
    const language = languageOf(this.language || document.documentElement.lang || navigator.language);
    this.conversation = new Conversation(new Api(HOME), this.lasting, this.brand, language);
    this.conversation.addEventListener('change', () => this.requestUpdate());
    this.opened = readJson<boolean>(this.ofThisTab, 'refund-desk:open') ?? false;
    this.draft = readJson<string>(this.ofThisTab, this.draftKey) ?? '';
    this.resume();
  }

  private resume(): void {
    if (this.opened || this.conversation.begun) void this.conversation.start();
  }

  private readonly wake = (event: Event): void => {
    if (event.type === 'storage' && !(event as StorageEvent).key?.startsWith('refund-desk:')) return;
    if (document.hidden) return;
    if (event.type === 'storage') this.requestUpdate();
    else this.conversation.wake(event.type === 'online');
  };

  private readonly actions: Actions = {
    open: () => void this.open(),
    close: () => void this.close(),
    say: (text) => this.conversation.say(text),
    press: (button, title) => {
      this.conversation.press(button, title);
      this.panel?.focus();
    },
    takeBack: (key) => {
      const entry = this.conversation.outbox.entries().find(({ id }) => id === key);
      this.conversation.outbox.remove(key);
      this.panel?.putBack(entry?.text ?? entry?.title ?? '');
    },
    switchLanguage: () => this.speak(this.conversation.language === 'zh' ? 'en' : 'zh'),
    startOver: () => void this.conversation.startOver(),
    retry: () => void this.conversation.start(),
  };

  private get draftKey(): string {
    return `refund-desk:draft:${this.brand}`;
  }

  private drafted(event: CustomEvent<string>): void {
    this.draft = event.detail;
    writeJson(this.ofThisTab, this.draftKey, this.draft);
  }

  private setOpened(opened: boolean): void {
    this.opened = opened;
    writeJson(this.ofThisTab, 'refund-desk:open', opened);
  }

  /** How many messages from the desk's side have not been on screen; remembered by brand. */
  private unread(numbers: number[]): number {
    const key = `refund-desk:seen:${this.brand}`;
    const newest = numbers[numbers.length - 1] ?? 0;
    if (this.opened && newest) writeJson(this.lasting, key, newest);
    const seen = readJson<number>(this.lasting, key) ?? 0;
    return numbers.filter((number) => number > seen).length;
  }

  protected override render() {
    const view = this.conversation.view();
    const unread = this.unread(view.numbers);
    return this.opened
      ? html`<refund-desk-panel .view=${view} .actions=${this.actions} .name=${this.name}
          .draft=${this.draft} @draft=${this.drafted}></refund-desk-panel>`
      : html`<refund-desk-launcher .strings=${stringsOf(view.language)} .actions=${this.actions}
          .unread=${unread}></refund-desk-launcher>`;
  }
}

const WAKING = ['online', 'offline', 'pageshow', 'storage'] as const;

customElements.define('refund-desk', RefundDesk);
