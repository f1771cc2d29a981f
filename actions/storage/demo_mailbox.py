"""The demo's mailbox as a folder: one person's mails can be taken out of it.

Knows how the gateway marks whom a mail was received for. In live mode there is no such folder.
"""

from __future__ import annotations

import mailbox
from email.utils import getaddresses
from pathlib import Path

from actions.domain.account import email_key

RECEIVED_FOR = "X-Desk-Received-For"


class DemoMailbox:
    """The mailbox under a folder; none is fine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def forget(self, address: str) -> int:
        """Delete every mail that was received for ``address``; how many there were."""
        if not self._folder.is_dir():
            return 0
        box, gone = mailbox.Maildir(self._folder, create=False), 0
        for key, mail in list(box.iteritems()):
            people = getaddresses([str(mail[RECEIVED_FOR] or "")])
            if any(email_key(each) == email_key(address) for _name, each in people):
                box.discard(key)
                gone += 1
        return gone
