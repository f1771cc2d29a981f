/** What the customer can do, handed down to the elements that have the button for it. */
export interface Actions {
  open(): void;
  close(): void;
  say(text: string): void;
  press(button: string, title: string): void;
  /** Take a refused message out of the conversation, to put its words back into the composer. */
  takeBack(key: string): void;
  switchLanguage(): void;
  startOver(): void;
  retry(): void;
}
