/** Where the customer writes. Enter sends, unless an input method is still composing: there it
    chooses a word. A lone digit and Enter choose the quick reply of that number; a bare digit
    does not, or the first figure of a one-time code would press a button. */
import { html, LitElement, nothing } from 'lit';
import type { QuickReply } from '../core/api.ts';
import type { Actions } from '../desk/actions.ts';
import base from '../desk/base.css';
import { icons } from '../desk/icons.ts';
import type { Strings } from '../strings/index.ts';
import styles from './composer.css';
import { chosenReply, LONGEST, lengthOf } from './draft.ts';

const COUNT_FROM = LONGEST - 400;

export class Composer extends LitElement {
  static override styles = [base, styles];
  static override properties = {
    strings: { attribute: false },
    actions: { attribute: false },
    replies: { attribute: false },
    draft: { attribute: false },
    composing: { state: true },
  };
  strings!: Strings;
  actions!: Actions;
  replies: QuickReply[] = [];
  draft = '';
  private composing = false;
  private get area(): HTMLTextAreaElement {
    return this.renderRoot.querySelector<HTMLTextAreaElement>('textarea')!;
  }


  override focus(): void {
    this.area?.focus();
  }

  /** Put words into the composer, in front of what is there already. */
  putBack(text: string): void {
    this.write(this.draft && this.draft !== text ? `${text}\n${this.draft}` : text);
    this.focus();
  }

  protected override updated(): void {
    this.area.style.height = 'auto';
    this.area.style.height = `${this.area.scrollHeight}px`;
  }

  private write(draft: string): void {
    this.draft = draft;
    const event = new CustomEvent('draft', { detail: draft, bubbles: true, composed: true });
    this.dispatchEvent(event);
  }

  private keyed(event: KeyboardEvent): void {
    // 229: Safari ends the composition just before it tells of the Enter that ended it.
    const choosingAWord = event.isComposing || this.composing || event.keyCode === 229;
    if (event.key !== 'Enter' || event.shiftKey || choosingAWord) return;
    event.preventDefault();
    this.send();
  }

  private submitted(event: Event): void {
    event.preventDefault();
    this.send();
    this.focus();
  }

  private send(): void {
    const reply = chosenReply(this.draft, this.replies);
    if (reply) this.actions.press(reply.id, reply.title);
    else if (this.sendable) this.actions.say(this.draft.trim());
    else return;
    this.write('');
  }

  private get sendable(): boolean {
    return this.draft.trim() !== '' && lengthOf(this.draft.trim()) <= LONGEST;
  }

  protected override render() {
    const { strings } = this;
    return html`
      <form @submit=${this.submitted}>
        <textarea rows="1" .value=${this.draft} placeholder=${strings.placeholder}
          aria-label=${strings.composer} aria-describedby="foot" enterkeyhint="send"
          aria-invalid=${lengthOf(this.draft) > LONGEST}
          @input=${() => this.write(this.area.value)} @keydown=${this.keyed}
          @compositionstart=${() => (this.composing = true)}
          @compositionend=${() => (this.composing = false)}></textarea>
        <button type="submit" aria-label=${strings.send} title=${strings.send}
          aria-disabled=${!this.sendable}>${icons.send}</button>
      </form>
      ${this.foot()}`;
  }

  private foot() {
    const { strings, replies } = this;
    const length = lengthOf(this.draft);
    const hint = replies.length ? strings.buttonsHint(Math.min(9, replies.length)) : strings.hint;
    return html`<div class=${length > COUNT_FROM ? 'foot busy' : 'foot'} id="foot">
      <span class="hint">${hint}</span>
      ${length > LONGEST
        ? html`<span class="over" role="alert">${strings.over(length - LONGEST)}</span>`
        : length > COUNT_FROM ? html`<span>${strings.left(LONGEST - length)}</span>` : nothing}
    </div>`;
  }
}

customElements.define('refund-desk-composer', Composer);
