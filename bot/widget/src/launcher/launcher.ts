/** The button that opens the chat, with the count of what arrived while it was closed. */
import { html, LitElement, nothing } from 'lit';
import type { Actions } from '../desk/actions.ts';
import base from '../desk/base.css';
import { icons } from '../desk/icons.ts';
import type { Strings } from '../strings/index.ts';
import styles from './launcher.css';

export class Launcher extends LitElement {
  static override styles = [base, styles];
  static override properties = {
    strings: { attribute: false },
    actions: { attribute: false },
    unread: { type: Number },
  };
  strings!: Strings;
  actions!: Actions;
  unread = 0;

  override focus(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  protected override render() {
    const { strings, unread } = this;
    const label = unread ? strings.openUnread(unread) : strings.open;
    return html`
      <button type="button" aria-haspopup="dialog" aria-label=${label} @click=${this.actions.open}>
        ${icons.chat}<span>${strings.open}</span>
        ${unread ? html`<span class="badge" aria-hidden="true">${unread > 99 ? '99+' : unread}</span>` : nothing}
      </button>`;
  }
}

customElements.define('refund-desk-launcher', Launcher);
