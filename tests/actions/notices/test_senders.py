"""Mail really travels by SMTP, and each failure says whether trying again may help."""

import asyncio
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope

from actions.domain.errors import DeliveryDelayed, DeliveryRefused
from actions.notices.senders import Mailer
from actions.settings import Settings

LI = "li@example.com"


class PostOffice:
    """An SMTP server that keeps what it is given and can be told what to answer."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.at_recipient = self.at_data = "250 OK"
        self.port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        if self.at_data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients += envelope.rcpt_tos
        return self.at_data


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    """A post office on a free port."""
    office = PostOffice()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(office, enable_SMTPUTF8=False), "127.0.0.1", 0
    )
    office.port = server.sockets[0].getsockname()[1]
    yield office
    server.close()
    await server.wait_closed()


def mailer(port: int, **more: str) -> Mailer:
    env = {"DESK_SMTP_PORT": str(port), "DESK_MAIL_FROM": "desk@kuailian.example"}
    return Mailer(Settings.from_env(env | more))


async def send(found: Mailer, to: str = LI, subject: str = "验证码：042917") -> None:
    await found.send(to, subject, "您好：\n", "<p>您好：</p>", "case-1.sent", sender_name="快连VPN")


async def test_a_mail_arrives_with_its_words_in_text_and_html(office: PostOffice) -> None:
    await send(mailer(office.port))
    (mail,) = office.mails
    assert office.recipients == [LI]
    assert (mail["To"], mail["Subject"]) == (LI, "验证码：042917")
    assert mail["From"] == "快连VPN <desk@kuailian.example>"
    assert mail["Message-ID"] == "<case-1.sent@kuailian.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text
    assert page
    assert text.get_content().strip() == "您好："
    assert page.get_content().strip() == "<p>您好：</p>"


async def test_a_second_try_carries_the_same_message_id(office: PostOffice) -> None:
    await send(mailer(office.port))
    await send(mailer(office.port))
    assert len({mail["Message-ID"] for mail in office.mails}) == 1


@pytest.mark.parametrize("reply", ["550 no such user", "553 not allowed", "554 refused"])
async def test_a_refused_recipient_is_refused_for_good(office: PostOffice, reply: str) -> None:
    office.at_recipient = reply
    with pytest.raises(DeliveryRefused, match=reply[:3]) as refused:
        await send(mailer(office.port))
    assert LI not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("reply", ["450 busy", "451 later", "452 full", "535 who are you"])
async def test_a_busy_server_or_our_own_login_is_worth_another_try(
    office: PostOffice, reply: str
) -> None:
    office.at_recipient = reply
    with pytest.raises(DeliveryDelayed, match=reply[:3]):
        await send(mailer(office.port))


@pytest.mark.parametrize(
    ("reply", "error"), [("554 spam", DeliveryRefused), ("451 disk", DeliveryDelayed)]
)
async def test_an_answer_to_the_mail_itself_counts_too(
    office: PostOffice, reply: str, error: type[Exception]
) -> None:
    office.at_data = reply
    with pytest.raises(error, match=reply[:3]):
        await send(mailer(office.port))
    assert office.mails == []


async def test_a_server_that_is_away_is_worth_another_try(unused_tcp_port: int) -> None:
    with pytest.raises(DeliveryDelayed):
        await send(mailer(unused_tcp_port))


async def test_a_server_that_hangs_up_is_worth_another_try() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        with pytest.raises(DeliveryDelayed):
            await send(mailer(server.sockets[0].getsockname()[1]))


async def test_a_server_closed_for_business_is_worth_another_try() -> None:
    async def closed(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 no service here\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(closed, "127.0.0.1", 0) as server:
        with pytest.raises(DeliveryDelayed):
            await send(mailer(server.sockets[0].getsockname()[1]))


async def test_mail_is_not_sent_in_the_clear_where_encryption_is_asked_for(
    office: PostOffice,
) -> None:
    with pytest.raises(DeliveryDelayed):
        await send(mailer(office.port, DESK_SMTP_SECURITY="starttls"))
    assert office.mails == []


@pytest.mark.parametrize(
    "to", ["", "li", "a@b@c", "a b@example.com", "a@x\r\nBcc: z@z", "李雷@example.com", "a@.com"]
)
async def test_what_is_no_address_is_refused_before_it_is_sent(office: PostOffice, to: str) -> None:
    with pytest.raises(DeliveryRefused):
        await send(mailer(office.port), to=to)
    assert office.mails == []


async def test_a_subject_can_t_add_a_header(office: PostOffice) -> None:
    with pytest.raises(DeliveryRefused):
        await send(mailer(office.port), subject="x\r\nBcc: z@example.com")


async def test_a_chinese_domain_is_written_as_servers_know_it(office: PostOffice) -> None:
    await send(mailer(office.port), to="li@例子.cn")
    assert office.recipients == ["li@xn--fsqu00a.cn"]
