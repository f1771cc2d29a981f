/** The few pictures the chat needs, as inline SVG that takes the colour of its text. */
import { html, type TemplateResult } from 'lit';

const icon = (path: string): TemplateResult => html`
  <svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor"
    stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${path} /></svg>`;

export const icons = {
  chat: icon('M20.5 11.5a8 8 0 0 1-8.3 7.7 8.8 8.8 0 0 1-3-.5L4 20.5l1.5-4.2a7.3 7.3 0 0 1-1.3-4.2A8 8 0 0 1 12.3 4a8 8 0 0 1 8.2 7.5ZM8.5 12h.01M12.3 12h.01M16 12h.01'),
  close: icon('M6.5 6.5l11 11M17.5 6.5l-11 11'),
  send: icon('M12 19.5V5M5.8 10.8 12 4.6l6.2 6.2'),
  restart: icon('M4.5 12a7.5 7.5 0 1 0 2.3-5.4M4.5 4.5v4h4'),
  alert: icon('M12 8v4.5M12 16h.01M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z'),
};
