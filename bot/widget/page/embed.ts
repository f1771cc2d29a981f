/** Makes the chat fill a page that holds nothing else: open from the start, no button that closes
    it, no corners. The site around the frame decides when the frame is shown. */

interface Chat extends HTMLElement {
  open(): Promise<void>;
  close(): Promise<void>;
}

const FILLING = `refund-desk-panel {
  inset: 0;
  width: auto;
  max-width: 760px;
  height: var(--visible-height, 100dvh);
  margin-inline: auto;
  animation: none;
  --rd-shadow: none;
}`;
const BARE = `.panel { border-radius: 0; }
.tools button:last-child { display: none; }`;

function dress(element: Element | null | undefined, css: string): void {
  const root = element?.shadowRoot;
  if (!root) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

async function fill(desk: Chat): Promise<void> {
  desk.close = () => Promise.resolve();
  dress(desk, FILLING);
  await desk.open();
  dress(desk.shadowRoot?.querySelector('refund-desk-panel'), BARE);
}

const desk = document.querySelector<Chat>('refund-desk');
if (desk) void fill(desk);
