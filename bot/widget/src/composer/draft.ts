/** What a draft amounts to: its length as the desk counts it, and the reply it points at. */
import type { QuickReply } from '../core/api.ts';

export const LONGEST = 4000;

/** Characters, not UTF-16 units: an emoji is one, as it is for the desk. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** The number of the quick reply a lone digit means (full-width ones too); 0 when it means none. */
export function chosenNumber(draft: string, replies: QuickReply[]): number {
  const digit = draft.trim().normalize('NFKC');
  const number = /^[1-9]$/.test(digit) ? Number(digit) : 0;
  return number <= replies.length ? number : 0;
}

export function chosenReply(draft: string, replies: QuickReply[]): QuickReply | undefined {
  return replies[chosenNumber(draft, replies) - 1];
}
