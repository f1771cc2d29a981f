/** The script a site includes:
    `<script type="module" src="…/widget/refund-desk.js" data-brand="…" data-language="zh">`.
    Defines the elements; with `data-brand` it also puts the chat on the page. */
import './desk/refund-desk.ts';

const script = [...document.scripts].find(({ src }) => src === import.meta.url);

if (script?.dataset.brand && !document.querySelector('refund-desk')) {
  const chat = document.createElement('refund-desk');
  for (const name of ['brand', 'language', 'name']) {
    const value = script.dataset[name];
    if (value) chat.setAttribute(name, value);
  }
  document.body.append(chat);
}
