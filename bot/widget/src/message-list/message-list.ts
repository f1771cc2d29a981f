/** The conversation, oldest first, with day lines, quick replies and the typing dots.
    A live region reads what is new; the view follows the last message unless it was scrolled up. */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Item, View } from '../core/view.ts';
import type { Actions } from '../desk/actions.ts';
import base from '../desk/base.css';
import '../message/message.ts';
import { stringsOf } from '../strings/index.ts';
import { dayOf, sameRun } from './days.ts';
import styles from './message-list.css';

const NEAR_THE_END = 60;

export class MessageList extends LitElement {
  static override styles = [base, styles];
  static override properties = {
    view: { attribute: false },
    actions: { attribute: false },
    chosen: { type: Number },
  };
  view!: View;
  actions!: Actions;
  /** The reply that the composer's digit points at, from 1; 0 for none. */
  chosen = 0;
  private get scroller(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('.scroll')!;
  }

  private follows = true;
  private lastTop = 0;
  private readonly resized = new ResizeObserver(() => this.follow());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  /** Whatever grows, bubbles that draw themselves later or the window, the end stays in sight. */
  protected override firstUpdated(): void {
    this.resized.observe(this);
    this.resized.observe(this.scroller.firstElementChild!);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('view') as View | undefined;
    const last = this.view.items[this.view.items.length - 1];
    const more = this.view.items.length > (before?.items.length ?? 0);
    if (more && last?.author === 'customer') this.follows = true;
    this.follow();
  }

  private follow(): void {
    if (this.follows) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** Only the customer scrolls up; the distance to the end alone also grows with new messages. */
  private scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    if (scrollHeight - scrollTop - clientHeight < NEAR_THE_END) this.follows = true;
    else if (scrollTop < this.lastTop) this.follows = false;
    this.lastTop = scrollTop;
  }

  protected override render() {
    const { view } = this;
    const strings = stringsOf(view.language);
    return html`
      <div class="scroll" tabindex="0" role="log" aria-live="polite" aria-label=${strings.log}
        aria-busy=${view.connection === 'connecting'} @scroll=${this.scrolled}>
        <div class="log">
          ${view.renewed ? html`<p class="note">${strings.renewed}</p>` : nothing}
          ${view.items.map((item, index) => this.entry(item, index))}
          ${view.replies.length ? this.replies() : nothing}
          ${view.typing
            ? html`<div class="typing" aria-hidden="true"><i></i><i></i><i></i></div>`
            : nothing}
        </div>
      </div>`;
  }

  private entry(item: Item, index: number) {
    const { items, language } = this.view;
    const strings = stringsOf(language);
    const day = dayOf(item, items[index - 1], strings);
    const first = !sameRun(items[index - 1], item);
    return html`${day ? html`<div class="day">${day}</div>` : nothing}
      <refund-desk-message class=${first && !day ? 'turn' : ''} .item=${item} .strings=${strings}
        .actions=${this.actions} .last=${!sameRun(item, items[index + 1])}
        .author=${item.author} .state=${item.state ?? ''}></refund-desk-message>`;
  }

  private replies() {
    const strings = stringsOf(this.view.language);
    return html`<div class="replies" role="group" aria-label=${strings.replies}>
      ${this.view.replies.map(({ id, title }, index) => html`
        <button type="button" class=${this.chosen === index + 1 ? 'chosen' : ''}
          @click=${() => this.actions.press(id, title)}>
          ${index < 9 ? html`<kbd aria-hidden="true">${index + 1}</kbd>` : nothing}${title}
        </button>`)}
    </div>`;
  }
}

customElements.define('refund-desk-messages', MessageList);
