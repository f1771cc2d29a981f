/** The open chat: who answers, the state of the line, the conversation and the composer. */
import { html, LitElement, nothing } from 'lit';
import '../composer/composer.ts';
import type { Composer } from '../composer/composer.ts';
import { chosenNumber } from '../composer/draft.ts';
import type { View } from '../core/view.ts';
import type { Actions } from '../desk/actions.ts';
import base from '../desk/base.css';
import { icons } from '../desk/icons.ts';
import '../message-list/message-list.ts';
import { stringsOf, type Strings } from '../strings/index.ts';
import styles from './panel.css';
import { keepInSight } from './viewport.ts';

export class Panel extends LitElement {
  static override styles = [base, styles];
  static override properties = {
    view: { attribute: false },
    actions: { attribute: false },
    name: {},
    draft: { attribute: false },
    asking: { state: true },
  };
  view!: View;
  actions!: Actions;
  name = '';
  draft = '';
  private asking = false;
  private get composer(): Composer {
    return this.renderRoot.querySelector<Composer>('refund-desk-composer')!;
  }

  private get frame(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('.panel')!;
  }

  private release: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.release = keepInSight(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.release?.();
  }

  /** To the composer; on a touch screen to the panel, so that no keyboard jumps up unasked. */
  override focus(): void {
    if (matchMedia('(pointer: coarse)').matches) this.frame.focus();
    else this.composer.focus();
  }

  putBack(text: string): void {
    this.composer.putBack(text);
  }

  private keyed(event: KeyboardEvent): void {
    const { replies } = this.view;
    const origin = event.composedPath()[0] as HTMLElement;
    const writing = origin.localName === 'textarea';
    if (event.key === 'Escape' && !event.isComposing) {
      event.stopPropagation();
      if (this.asking) this.asking = false;
      else this.actions.close();
    } else if (!writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const reply = replies[chosenNumber(event.key, replies) - 1];
      if (reply) this.actions.press(reply.id, reply.title);
    }
  }

  private startOver(): void {
    this.asking = false;
    this.actions.startOver();
    this.focus();
  }

  protected override render() {
    const { view, actions } = this;
    const strings = stringsOf(view.language);
    return html`
      <section class="panel" role="dialog" tabindex="-1" lang=${strings.lang}
        aria-label=${this.title_(strings)} @keydown=${this.keyed}>
        ${this.head(strings)}
        <div role="status">${this.line(strings)}</div>
        ${this.asking ? this.question(strings) : nothing}
        <refund-desk-messages .view=${view} .actions=${actions}
          .chosen=${chosenNumber(this.draft, view.replies)}></refund-desk-messages>
        <refund-desk-composer .strings=${strings} .actions=${actions} .replies=${view.replies}
          .draft=${this.draft}></refund-desk-composer>
      </section>`;
  }

  private title_(strings: Strings): string {
    return this.name ? strings.titleOf(this.name) : strings.title;
  }

  private head(strings: Strings) {
    return html`<header>
      <span class="mark">${icons.chat}</span>
      <div class="who">
        <h2>${this.title_(strings)}</h2>
        <p>${this.view.typing ? strings.typing : strings.tagline}</p>
      </div>
      <div class="tools">
        <button type="button" class="language" aria-label=${strings.switchLanguage}
          title=${strings.switchLanguage} @click=${this.actions.switchLanguage}
          >${strings.otherLanguage}</button>
        <button type="button" aria-label=${strings.startOver} title=${strings.startOver}
          aria-expanded=${this.asking} @click=${() => (this.asking = !this.asking)}
          >${icons.restart}</button>
        <button type="button" aria-label=${strings.close} title=${strings.close}
          @click=${this.actions.close}>${icons.close}</button>
      </div>
    </header>`;
  }

  /** What the customer should know about the line; nothing while all is well. */
  private line(strings: Strings) {
    const { connection, waiting } = this.view;
    if (connection === 'offline') return html`<div class="bar"><span>${strings.offline}</span></div>`;
    if (connection === 'connecting' || connection === 'reconnecting') {
      return html`<div class="bar soon"><span>${strings[connection]}</span></div>`;
    }
    if (connection === 'refused') {
      return html`<div class="bar"><span>${strings.refused}</span>
        <button type="button" @click=${this.actions.retry}>${strings.retry}</button></div>`;
    }
    return waiting ? html`<div class="bar"><span>${strings.waiting}</span></div>` : nothing;
  }

  private question(strings: Strings) {
    return html`<div class="bar" role="group" aria-label=${strings.startOver}>
      <span>${strings.startOverQuestion}</span>
      <button type="button" class="main" @click=${this.startOver}>${strings.startOverYes}</button>
      <button type="button" @click=${() => (this.asking = false)}>${strings.cancel}</button>
    </div>`;
  }
}

customElements.define('refund-desk-panel', Panel);
