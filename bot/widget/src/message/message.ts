/** One bubble: who, what, when, and for the customer's own words whether they have arrived.
    Text goes in as text; addresses become anchors that give nothing away to the other side. */
import { html, LitElement, nothing } from 'lit';
import { partsOf } from '../core/links.ts';
import type { Item } from '../core/view.ts';
import type { Actions } from '../desk/actions.ts';
import base from '../desk/base.css';
import type { Strings } from '../strings/index.ts';
import styles from './message.css';

export class MessageBubble extends LitElement {
  static override styles = [base, styles];
  static override properties = {
    item: { attribute: false },
    strings: { attribute: false },
    actions: { attribute: false },
    last: { type: Boolean },
    author: { reflect: true },
    state: { reflect: true },
  };
  item!: Item;
  strings!: Strings;
  actions!: Actions;
  /** Whether the time is shown: the last of a run of messages by one author. */
  last = true;
  author = '';
  state = '';

  protected override render() {
    const { item, strings } = this;
    return html`
      <div class="bubble"><span class="unseen">${strings.author[item.author]}: </span><span class="text">${this.text()}</span></div>
      ${this.below()}`;
  }

  private text() {
    return partsOf(this.item.text).map(({ kind, text, href }) => {
      if (kind === 'code') return html`<code>${text}</code>`;
      if (kind === 'text') return text;
      return html`<a href=${href!} target="_blank" rel="noopener noreferrer nofollow"
        title=${this.strings.newWindow}>${text}</a>`;
    });
  }

  private below() {
    const { item, strings } = this;
    if (item.state === 'failed') {
      return html`<div class="below" role="alert">
        <span class="failed">${strings.failed[item.failed!]}</span>
        <button type="button" @click=${() => this.actions.takeBack(item.key)}>${strings.putBack}</button>
      </div>`;
    }
    if (item.state === 'queued') return html`<div class="below">${strings.queued}</div>`;
    if (item.state === 'sending') return html`<div class="below">${strings.sending}</div>`;
    if (!this.last || item.author === 'system') return nothing;
    return html`<time class="below" datetime=${item.at}>${timeOf(item.at, strings.lang)}</time>`;
  }
}

function timeOf(at: string, lang: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  const hour = lang === 'en' ? 'numeric' : '2-digit';
  return new Intl.DateTimeFormat(lang, { hour, minute: '2-digit' }).format(date);
}

customElements.define('refund-desk-message', MessageBubble);
