/** What is on screen, worked out from what is known: a pure function, drawn by the elements. */
import type { Author, Message, QuickReply } from './api.ts';
import type { Entry } from './outbox.ts';
import type { Language } from '../strings/index.ts';

export interface Item {
  key: string;
  author: Author;
  text: string;
  at: string;
  /** Customer's words the desk has not acknowledged: on their way, waiting, or refused. */
  state?: 'sending' | 'queued' | 'failed';
  failed?: Entry['failed'];
}

export interface View {
  language: Language;
  items: Item[];
  /** The quick replies that still make sense: those of the last message, until it is answered.
      A mere notice, such as the one after a switch of language, does not take them away. */
  replies: QuickReply[];
  typing: boolean;
  waiting: boolean;
  renewed: boolean;
  connection: 'idle' | 'connecting' | 'online' | 'reconnecting' | 'offline' | 'refused';
  /** The highest number from the desk's side, for the unread count. */
  numbers: number[];
}

interface Known {
  known: Map<number, Message>;
  language: Language;
  connection: Exclude<View['connection'], 'offline'>;
  status: string;
  typing: boolean;
  renewed: boolean;
}

const drawn = new WeakMap<Message, Item>();

export function viewOf(state: Known, entries: Entry[], networkUp: boolean): View {
  const messages = [...state.known.values()].sort((one, other) => one.seq - other.seq);
  const acknowledged = new Set(messages.map(({ id }) => id));
  const unsent = entries.filter(({ id, language }) => !language && !acknowledged.has(id));
  const live = networkUp && state.connection === 'online';
  const asked = messages.filter(({ author, buttons }) => author !== 'system' || buttons?.length);
  const last = asked[asked.length - 1];
  const answered = !last || last.author === 'customer' || unsent.some(({ failed }) => !failed);
  return {
    language: state.language,
    items: [...messages.map(itemOf), ...unsent.map((entry) => unsentItem(entry, live))],
    replies: answered ? [] : (last.buttons ?? []),
    typing: state.typing,
    waiting: state.status === 'waiting',
    renewed: state.renewed,
    connection: networkUp || state.connection === 'idle' ? state.connection : 'offline',
    numbers: messages.filter(({ author }) => author !== 'customer').map(({ seq }) => seq),
  };
}

/** The same message is the same item, so that a long conversation is not redrawn at each word. */
function itemOf(message: Message): Item {
  const before = drawn.get(message);
  if (before) return before;
  const { seq, id, author, text, at } = message;
  const item = { key: id ?? String(seq), author, text, at };
  drawn.set(message, item);
  return item;
}

function unsentItem(entry: Entry, live: boolean): Item {
  const { id, at, text, title, failed } = entry;
  const state = failed ? 'failed' : live ? 'sending' : 'queued';
  return { key: id, author: 'customer', text: text ?? title ?? '', at, state, failed };
}
