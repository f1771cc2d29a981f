"""Hands mail to an SMTP server, and tells whether trying again may help.

Knows SMTP and MIME; when to try again, and how often, is the worker's. Addresses and words
are never logged, nor put into an error.
"""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

import aiosmtplib

from actions.domain.errors import DeliveryDelayed, DeliveryRefused
from actions.settings import Settings

TIMEOUT_SECONDS = 20.0
_OUR_OWN_FAULT = frozenset({530, 534, 535, 538})
"""Replies about our own login: permanent to the server, mended by an operator."""


class Mailer:
    """Sends one mail at a time, each over its own connection."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(
        self,
        to: str,
        subject: str,
        text: str,
        html: str,
        message_id: str,
        *,
        sender_name: str = "",
    ) -> None:
        """Send one mail; ``message_id`` is the same for every try of the same notice.

        Raises ``DeliveryDelayed`` when trying again later may help, ``DeliveryRefused`` when
        it would not.
        """
        try:
            message = self._message(to, subject, text, html, message_id, sender_name)
        except (MessageError, ValueError, IndexError):
            raise DeliveryRefused("This can't be written as a mail.") from None
        settings = self._settings
        try:
            await aiosmtplib.send(
                message,
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                username=settings.smtp_user,
                password=settings.smtp_password,
                use_tls=settings.smtp_security == "tls",
                start_tls=settings.smtp_security == "starttls",
                timeout=TIMEOUT_SECONDS,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            codes = _reply_codes(error)
            said = f" It said {codes[0]}." if codes else ""
            # What the library says quotes addresses, so it is not passed on.
            if codes and all(code >= 500 and code not in _OUR_OWN_FAULT for code in codes):
                raise DeliveryRefused(f"The mail server refused it.{said}") from None
            raise DeliveryDelayed(f"The mail server did not take it.{said}") from None

    def _message(
        self, to: str, subject: str, text: str, html: str, message_id: str, sender_name: str
    ) -> EmailMessage:
        _, sender = parseaddr(self._settings.mail_from)
        message = EmailMessage()
        message["From"] = Address(display_name=sender_name, addr_spec=sender)
        message["To"] = Address(addr_spec=_ascii_domain(to))
        message["Subject"] = subject
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        message.add_alternative(html, subtype="html")
        return message


def _reply_codes(error: Exception) -> list[int]:
    """What the server said of this mail; nothing where it never came to that."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return [refused.code for refused in error.recipients]
    if isinstance(error, aiosmtplib.SMTPConnectError):
        return []
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return [error.code]
    return []


def _ascii_domain(address: str) -> str:
    """The address with its domain as mail servers write it: 例子.cn is xn--fsqu00a.cn."""
    name, at, domain = address.rpartition("@")
    return name + at + domain.encode("idna").decode()
