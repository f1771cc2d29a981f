/** Cuts a message into plain text, web addresses and tracking numbers.
    The parts are rendered as text nodes and anchors; nothing is ever parsed as HTML. */
export interface Part {
  kind: 'text' | 'link' | 'code';
  text: string;
  href?: string;
}

// Chinese text runs on without a space, so an address ends at the first character that is not
// an address's own ASCII; closing punctuation behind it belongs to the sentence.
const FIND = /https?:\/\/[!#-;=?-[\]_a-z~]+|\bRF-[0-9A-Z]{10}\b/gi;
const TRAILING = /[.,;:!?')\]]+$/;

export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  const plain = (until: number): void => {
    if (until > end) parts.push({ kind: 'text', text: text.slice(end, until) });
  };
  for (const match of text.matchAll(FIND)) {
    const found = match[0].replace(TRAILING, '');
    const part = partOf(found);
    if (!part) continue;
    plain(match.index);
    parts.push(part);
    end = match.index + found.length;
  }
  plain(text.length);
  return parts;
}

function partOf(found: string): Part | null {
  if (/^RF-/i.test(found)) return { kind: 'code', text: found };
  try {
    const url = new URL(found);
    // An address with a name in front of an @ is a favourite disguise: leave it as text.
    if (url.username || url.password) return null;
    return { kind: 'link', text: found, href: url.href };
  } catch {
    return null;
  }
}
