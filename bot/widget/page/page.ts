/** Makes the help page's switches seamless: the new page is fetched and put in place of the old
    one, at the same height of scroll, while the chat stays where it is. Without this script the
    same links work as links. Also wires the buttons that open the chat. */

interface Chat extends HTMLElement {
  brand: string;
  language: string;
  name: string;
  open(): Promise<void>;
  compose(text: string): Promise<void>;
  speak(language: string): void;
}

const page = (): HTMLElement => document.querySelector<HTMLElement>('#page')!;
const chat = (): Chat | null => document.querySelector<Chat>('refund-desk');

async function swap(address: string, focusOn: string | null): Promise<void> {
  const answer = await fetch(address, { headers: { Accept: 'text/html' } });
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const content = next.querySelector<HTMLElement>('#page');
  if (!answer.ok || !content) throw new TypeError(`no page at ${address}`);
  const spoken = page().dataset.language;
  page().replaceWith(document.adoptNode(content));
  document.title = next.title;
  document.documentElement.lang = next.documentElement.lang;
  if (focusOn) page().querySelector<HTMLElement>(`a[href="${CSS.escape(focusOn)}"]`)?.focus();
  const { brand = '', language = '', name = '' } = content.dataset;
  const desk = chat();
  if (!desk) return;
  if (desk.brand === brand && language !== spoken) desk.speak(language);
  Object.assign(desk, { brand, name, language });
}

function follow(address: string, focusOn: string | null): void {
  swap(address, focusOn).catch(() => location.assign(address));
}

document.addEventListener('click', (event) => {
  const target = event.target as Element;
  const link = target.closest<HTMLAnchorElement>('a[data-swap]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    history.pushState(null, '', link.href);
    follow(link.href, link.getAttribute('href'));
  } else if (target.closest('[data-chat]')) {
    void chat()?.open();
  } else {
    const words = target.closest<HTMLElement>('[data-compose]')?.dataset.compose;
    if (words) void chat()?.compose(words);
  }
});

window.addEventListener('popstate', () => follow(location.href, null));
