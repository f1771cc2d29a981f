"""Cut networks, lost acknowledgements, reloads and forgetful servers: every message arrives once,
in order, on both sides.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.chat_page import ChatPage
from tests.browser.fake_desk import GREETING, FakeDesk

Visit = Callable[..., ChatPage]
WORDS = ["我要退款", "KL20260901001", "li@example.com", "482913", "确认", "谢谢"]


def answers(words: list[str]) -> list[str]:
    """What the fake desk says to these words."""
    return [f"→ {each}" for each in words]


def agree(chat: ChatPage, desk: FakeDesk, words: list[str]) -> None:
    """Both sides have exactly these words and their answers, each once."""
    chat.everything_is_sent()
    for each in answers(words):
        chat.sees(each)
    assert desk.chat.said() == words
    assert chat.said() == words
    assert chat.said("bot") == [GREETING["zh"], *answers(words)]


def test_two_messages_in_a_row_arrive_once_each_in_order(fake_desk: FakeDesk, visit: Visit) -> None:
    """Ten, in fact, faster than the desk answers."""
    fake_desk.answer_after = 0.05
    chat = visit(fake_desk.url).open()
    words = [f"第 {number} 句" for number in range(10)]
    for each in words:
        chat.say(each)
    for each in answers(words):
        chat.sees(each)
    chat.everything_is_sent()
    assert fake_desk.chat.said() == words
    assert chat.said() == words


def test_a_browser_that_is_offline_at_each_message_sends_it_when_it_is_back(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """Every message of a conversation in its turn; the answers come too."""
    chat = visit(fake_desk.url).open()
    for words in WORDS:
        chat.page.context.set_offline(True)
        chat.say(words)
        chat.page.get_by_text("等待网络恢复后发送").wait_for()
        assert words not in fake_desk.chat.said()
        chat.page.context.set_offline(False)
        chat.sees(f"→ {words}")
    agree(chat, fake_desk, WORDS)


def test_a_desk_that_cannot_be_reached_at_each_message_gets_it_later(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """The cable is pulled before the message, and open streams end with it."""
    chat = visit(fake_desk.url).open()
    for words in WORDS:
        fake_desk.cut()
        chat.say(words)
        chat.page.get_by_text("连接中断，正在重连…").wait_for()
        assert words not in fake_desk.chat.said()
        fake_desk.mend()
        chat.sees(f"→ {words}")
    agree(chat, fake_desk, WORDS)


def test_an_answer_cut_off_at_each_message_arrives_once_the_line_is_back(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """The message got through; the cable is pulled before its answer does."""
    fake_desk.answer_after = 0.3
    chat = visit(fake_desk.url).open()
    for number, words in enumerate(WORDS):
        chat.say(words)
        chat.everything_is_sent()
        fake_desk.cut()
        assert chat.said("bot") == [GREETING["zh"], *answers(WORDS[:number])]
        chat.page.get_by_text("连接中断，正在重连…").wait_for()
        fake_desk.mend()
        chat.sees(f"→ {words}")
    agree(chat, fake_desk, WORDS)


def test_a_message_whose_acknowledgement_is_lost_is_not_doubled(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """The desk has it, the browser does not know: it sends it again under the same id."""
    chat = visit(fake_desk.url).open()
    for words in WORDS:
        fake_desk.lose_acknowledgements = 2
        chat.say(words)
        chat.everything_is_sent()
    agree(chat, fake_desk, WORDS)
    ids = [post["id"] for post in fake_desk.posts]
    assert len(ids) == 3 * len(WORDS)
    assert len(set(ids)) == len(WORDS)


def test_an_answer_given_while_the_browser_was_away_is_read_on_its_return(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """Nothing is asked for twice, nothing is missed."""
    chat = visit(fake_desk.url).open()
    fake_desk.cut()
    chat.page.get_by_text("连接中断，正在重连…").wait_for()
    for number in range(5):
        fake_desk.say("agent", f"留言 {number}")
    fake_desk.mend()
    chat.sees("留言 4")
    assert chat.said("agent") == [f"留言 {number}" for number in range(5)]


def test_an_unsent_message_survives_a_reload(fake_desk: FakeDesk, visit: Visit) -> None:
    """It is shown as unsent, and goes out when the desk can be reached."""
    chat = visit(fake_desk.url).open()
    fake_desk.cut()
    chat.say("第一句")
    chat.say("第二句")
    chat.page.reload()
    chat.sees("第二句")
    assert chat.said() == ["第一句", "第二句"]
    fake_desk.mend()
    agree(chat, fake_desk, ["第一句", "第二句"])


def test_a_message_stored_before_the_reload_is_not_sent_as_another(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """The acknowledgement was lost with the page; history and outbox agree on one message."""
    chat = visit(fake_desk.url).open()
    fake_desk.lose_acknowledgements = 1
    chat.say("只说一次")
    chat.sees("→ 只说一次")
    chat.page.reload()
    agree(chat, fake_desk, ["只说一次"])


def test_a_reload_in_the_middle_keeps_the_conversation_and_the_draft(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """The panel is open again, with all that was said and what was being written."""
    chat = visit(fake_desk.url).open()
    chat.say("我要退款")
    chat.sees("→ 我要退款")
    chat.composer.fill("订单号是")
    chat.page.reload()
    chat.sees("→ 我要退款")
    assert chat.composer.input_value() == "订单号是"
    assert chat.messages() == [
        ("bot", GREETING["zh"]),
        ("customer", "我要退款"),
        ("bot", "→ 我要退款"),
    ]
    assert len(fake_desk.chats) == 1


def test_a_desk_that_forgot_the_conversation_gets_the_words_in_a_new_one(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """The customer is told that it is a new one."""
    chat = visit(fake_desk.url).open()
    fake_desk.forget()
    chat.page.get_by_text("之前的对话已结束，已为您开启新对话。").wait_for()
    chat.say("还在吗")
    agree(chat, fake_desk, ["还在吗"])


def test_where_streams_do_not_pass_the_chat_polls(fake_desk: FakeDesk, visit: Visit) -> None:
    """Some proxies hold streams back for ever."""
    fake_desk.no_streams = True
    chat = visit(fake_desk.url).open()
    for words in WORDS[:3]:
        chat.say(words)
        chat.sees(f"→ {words}")
    agree(chat, fake_desk, WORDS[:3])
    assert fake_desk.polls > 0


def test_a_chat_opened_while_the_desk_is_down_begins_when_it_is_up(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """What was written meanwhile is the first thing the desk hears."""
    fake_desk.cut()
    chat = visit(fake_desk.url)
    chat.launcher.click()
    chat.say("有人吗")
    fake_desk.mend()
    agree(chat, fake_desk, ["有人吗"])


def test_a_customer_who_is_too_fast_waits_and_loses_nothing(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """A 429 in the middle of a chat: the same message goes out again after the time said."""
    chat = visit(fake_desk.url).open()
    chat.say(WORDS[0])
    chat.sees(f"→ {WORDS[0]}")
    fake_desk.too_many = 2
    for words in WORDS[1:3]:
        chat.say(words)
    agree(chat, fake_desk, WORDS[:3])
    ids = [post["id"] for post in fake_desk.posts]
    assert len(ids) == 5
    assert len(set(ids)) == 3
