"""Looks at a browser page and notes whatever hostile text may never bring about.

Knows the signs that something ran, was fetched or was taken for markup. Leaves what a page should
show to the tests.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

HOOK = """
window.ran = [];
Object.defineProperty(window, 'hostile', { set() { window.ran.push('a script'); } });
document.addEventListener('securitypolicyviolation', (event) =>
  window.ran.push(`refused: ${event.violatedDirective} ${event.blockedURI}`));
"""
FOREIGN = """() => {
  const found = [];
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      const handlers = [...element.attributes].filter(({ name }) => /^on|^hx-/.test(name));
      const bad = handlers.length
        || ['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'IMG', 'VIDEO', 'AUDIO', 'MATH', 'MARQUEE']
          .includes(element.tagName)
        || element.tagName === 'SCRIPT' && new URL(element.src).origin !== location.origin
        || element.tagName === 'META' && element.httpEquiv === 'refresh';
      if (bad) found.push(element.outerHTML.slice(0, 200));
    }
  };
  look(document);
  return found;
}"""
LINKS = """() => {
  const found = [];
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      if (element.tagName === 'A') found.push([element.href, element.rel]);
    }
  };
  look(document);
  return found;
}"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Watched:
    """A page under watch from before it loads; ``incidents`` must stay empty."""

    def __init__(self, page: Any, origin: str) -> None:
        self.page, self.origin = page, origin
        self.incidents: list[str] = []
        page.add_init_script(HOOK)
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self.incidents.append(f"error: {error}"))
        page.on("console", self._printed)
        page.on("popup", lambda _: self.incidents.append("a window"))
        page.on("request", self._asked)

    def _dialog(self, dialog: Any) -> None:
        self.incidents.append(f"dialogue: {dialog.message}")
        dialog.dismiss()

    def _printed(self, message: Any) -> None:
        # A page of an error says so in the console; what else can't be fetched is seen in _asked.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.incidents.append(f"console: {message.text}")

    def _asked(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" != self.origin and request.url != "about:blank":
            self.incidents.append(f"request: {request.url}")

    def go(self, path: str) -> int:
        """Open a path; the status."""
        response = self.page.goto(self.origin + path)
        return int(response.status) if response else 0

    def all(self) -> list[str]:
        """Everything that went wrong up to now, on this page and in it."""
        wide = self.page.evaluate(TOO_WIDE)
        links = self.page.evaluate(LINKS)
        return [
            *self.incidents,
            *self.page.evaluate("() => window.ran"),
            *self.page.evaluate(FOREIGN),
            *([f"{wide} px too wide"] if wide > 0 else []),
            *(f"link: {href} {rel}" for href, rel in links if self._is_bad(href, rel)),
        ]

    def _is_bad(self, href: str, rel: str) -> bool:
        parts = urlsplit(href)
        if f"{parts.scheme}://{parts.netloc}" == self.origin:
            return False
        return parts.scheme not in ("http", "https", "mailto") or "noopener" not in rel
