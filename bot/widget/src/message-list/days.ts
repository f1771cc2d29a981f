/** When a line with the day is drawn, and which messages stand together under one time. */
import type { Item } from '../core/view.ts';
import type { Strings } from '../strings/index.ts';

const RUN = 5 * 60_000;
const DAY = 24 * 3_600_000;

/** The day to write above `item`, or null when it is that of the message before. */
export function dayOf(
  item: Item, before: Item | undefined, strings: Strings, now: Date = new Date(),
): string | null {
  const at = new Date(item.at);
  if (Number.isNaN(at.getTime())) return null;
  if (before && new Date(before.at).toDateString() === at.toDateString()) return null;
  if (at.toDateString() === now.toDateString()) return strings.today;
  if (at.toDateString() === new Date(now.getTime() - DAY).toDateString()) return strings.yesterday;
  const year = at.getFullYear() === now.getFullYear() ? undefined : ('numeric' as const);
  return new Intl.DateTimeFormat(strings.lang, { year, month: 'long', day: 'numeric' }).format(at);
}

/** Whether two neighbours are by one author, both arrived, and close together in time. */
export function sameRun(one: Item | undefined, next: Item | undefined): boolean {
  if (!one || !next || one.author !== next.author || one.state || next.state) return false;
  return Math.abs(Date.parse(next.at) - Date.parse(one.at)) < RUN;
}
