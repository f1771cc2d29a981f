"""The chat on a page: keyboard, input methods, quick replies, languages, phones, hostile text."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import SCREENSHOTS
from tests.browser.fake_desk import GREETING, FakeDesk

Visit = Callable[..., ChatPage]


def test_everything_can_be_done_by_keyboard(fake_desk: FakeDesk, visit: Visit) -> None:
    """Open, write, choose a reply by its number, close; the focus is where one expects it."""
    chat = visit(fake_desk.url)
    chat.launcher.focus()
    chat.page.keyboard.press("Enter")
    chat.sees(GREETING["zh"])
    assert chat.focused() == "输入消息"
    chat.page.keyboard.type("选项")
    chat.page.keyboard.press("Enter")
    chat.reply("先不退了").wait_for()
    chat.page.keyboard.type("2")
    chat.page.locator(".replies .chosen", has_text="先不退了").wait_for()
    chat.page.keyboard.press("Enter")
    chat.sees("→ 先不退了")
    chat.page.keyboard.press("Escape")
    assert chat.focused() == "联系客服"


def test_a_one_time_code_never_presses_a_button(fake_desk: FakeDesk, visit: Visit) -> None:
    """Its first figure is also the number of a quick reply."""
    chat = visit(fake_desk.url).open()
    chat.say("选项")
    chat.reply("确认退款").wait_for()
    chat.composer.focus()
    chat.page.keyboard.type("123456")
    chat.page.keyboard.press("Enter")
    chat.sees("→ 123456")
    assert [post.get("button") for post in fake_desk.posts] == [None, None]


def test_a_number_key_presses_a_reply_when_one_is_not_writing(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """With the focus on the conversation there is nothing else a figure could mean."""
    chat = visit(fake_desk.url).open()
    chat.say("选项")
    chat.reply("确认退款").wait_for()
    chat.log.focus()
    chat.page.keyboard.press("1")
    chat.sees("→ 确认退款")
    assert fake_desk.posts[-1]["button"] == "b-0"


def test_replies_go_away_once_one_is_chosen(fake_desk: FakeDesk, visit: Visit) -> None:
    """A reply pressed twice would be said twice."""
    chat = visit(fake_desk.url).open()
    chat.say("选项")
    chat.reply("确认退款").dblclick()
    chat.sees("→ 确认退款")
    chat.everything_is_sent()
    assert fake_desk.chat.said() == ["选项", "确认退款"]
    assert chat.page.locator(".replies").count() == 0


def test_enter_chooses_a_word_while_an_input_method_is_composing(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """The Enter that accepts 退款 from the word list must not send half a sentence."""
    chat = visit(fake_desk.url).open()
    keyboard = chat.page.context.new_cdp_session(chat.page)
    composing = {"text": "tuikuan", "selectionStart": 7, "selectionEnd": 7}
    keyboard.send("Input.imeSetComposition", composing)
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    assert chat.composer.input_value() == "tuikuan"
    assert fake_desk.posts == []
    keyboard.send("Input.insertText", {"text": "退款"})
    assert chat.composer.input_value() == "退款"
    chat.page.keyboard.press("Enter")
    chat.sees("→ 退款")
    assert fake_desk.chat.said() == ["退款"]


def test_shift_enter_begins_a_new_line(fake_desk: FakeDesk, visit: Visit) -> None:
    """Both lines are one message."""
    chat = visit(fake_desk.url).open()
    chat.composer.focus()
    chat.page.keyboard.type("第一行")
    chat.page.keyboard.press("Shift+Enter")
    chat.page.keyboard.type("第二行")
    chat.page.keyboard.press("Enter")
    chat.everything_is_sent()
    assert fake_desk.chat.said() == ["第一行\n第二行"]


def test_a_text_that_is_too_long_is_kept_and_counted_but_not_sent(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """4,000 characters as the desk counts them: an emoji is one."""
    chat = visit(fake_desk.url, language="en").open()
    chat.page.locator("refund-desk").evaluate("(desk) => desk.speak('en')")
    chat.say("💰" * 4001)
    chat.page.get_by_text("1 characters too many").wait_for()
    assert fake_desk.posts == []
    chat.composer.fill("💰" * 3990)
    chat.page.get_by_text("10 left").wait_for()
    chat.composer.press("Enter")
    chat.everything_is_sent()
    assert [len(text) for text in fake_desk.chat.said()] == [3990]


def test_words_the_desk_refuses_can_be_taken_back_and_changed(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """A refused message holds up no other, and is not lost."""
    chat = visit(fake_desk.url).open()
    chat.say("!413 太长了")
    chat.say("下一条")
    chat.sees("→ 下一条")
    chat.page.get_by_role("button", name="修改").click()
    assert chat.composer.input_value() == "!413 太长了"
    assert chat.said() == ["下一条"]


def test_hostile_text_is_only_text(fake_desk: FakeDesk, visit: Visit) -> None:
    """Whoever says it: no element, no script, and only web addresses become links."""
    hostile = (
        '<img src=x onerror="window.hit=1"><script>window.hit=1</script> javascript:hit() '
        "[x](javascript:hit()) data:text/html,x https://bank.example@evil.example/ ${7*7} {{7*7}}"
    )
    chat = visit(fake_desk.url).open()
    chat.say(hostile)
    chat.sees(hostile)
    fake_desk.say("agent", hostile)
    fake_desk.say("system", hostile)
    chat.log.get_by_text(hostile, exact=True).nth(2).wait_for()
    assert chat.page.locator("refund-desk-message img, refund-desk-message script").count() == 0
    assert chat.page.locator("refund-desk-message a").count() == 0
    assert chat.page.evaluate("() => window.hit") is None


def test_addresses_and_tracking_numbers_stand_out(fake_desk: FakeDesk, visit: Visit) -> None:
    """A link gives nothing away; the sentence's own punctuation stays out of it."""
    chat = visit(fake_desk.url).open()
    fake_desk.say("bot", "编号 RF-7K3MPX2QAD，详情见https://example.com/track?a=1&b=2。")
    link = chat.log.get_by_role("link")
    link.wait_for()
    assert link.get_attribute("href") == "https://example.com/track?a=1&b=2"
    assert link.get_attribute("target") == "_blank"
    assert "noopener" in (link.get_attribute("rel") or "")
    assert chat.log.locator("code").text_content() == "RF-7K3MPX2QAD"
    assert "mono" in chat.log.locator("code").evaluate(
        "(code) => getComputedStyle(code).fontFamily"
    )


def test_the_language_can_be_switched_in_the_middle(fake_desk: FakeDesk, visit: Visit) -> None:
    """The chat's own texts change at once, the desk is told, and the place is kept."""
    chat = visit(fake_desk.url).open()
    chat.say("你好")
    chat.sees("→ 你好")
    chat.say("选项")
    chat.reply("确认退款").wait_for()
    chat.page.get_by_role("button", name="Switch to English").click()
    chat.page.get_by_placeholder("Write a message…").wait_for()
    chat.sees("English from here.")
    assert fake_desk.chat.language == "en"
    assert chat.reply("确认退款").is_visible()
    chat.page.reload()
    chat.page.get_by_placeholder("Write a message…").wait_for()
    chat.sees("→ 你好")


def test_starting_over_asks_first_and_begins_a_new_conversation(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """The old one is out of sight; the new one is another one at the desk too."""
    chat = visit(fake_desk.url).open()
    chat.say("你好")
    chat.sees("→ 你好")
    chat.page.get_by_role("button", name="重新开始", exact=True).click()
    chat.page.get_by_role("button", name="开始新对话").click()
    chat.page.get_by_text("→ 你好").wait_for(state="detached")
    chat.sees(GREETING["zh"])
    assert [text for _, text in chat.messages()] == [GREETING["zh"]]
    assert len(fake_desk.chats) == 2


def test_what_arrives_while_the_chat_is_closed_is_counted(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """On the button, and gone once it has been seen."""
    chat = visit(fake_desk.url).open()
    chat.page.keyboard.press("Escape")
    fake_desk.say("agent", "您好，我来处理。")
    chat.page.get_by_role("button", name="联系客服，1 条未读消息").click()
    chat.sees("您好，我来处理。")
    chat.page.keyboard.press("Escape")
    assert chat.launcher.get_attribute("aria-label") == "联系客服"


def test_the_typing_dots_show_until_the_answer_is_there(fake_desk: FakeDesk, visit: Visit) -> None:
    """They mean that an answer is due, and no longer."""
    fake_desk.answer_after = 0.5
    chat = visit(fake_desk.url).open()
    chat.say("你好")
    chat.page.locator(".typing").wait_for()
    chat.sees("→ 你好")
    chat.page.locator(".typing").wait_for(state="detached")


def test_a_conversation_that_is_read_further_up_stays_there(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """New messages move the view only for those who are at its end."""
    chat = visit(fake_desk.url).open()
    for number in range(30):
        fake_desk.say("bot", f"第 {number} 条")
    chat.sees("第 29 条")
    end = "(log) => log.scrollHeight - log.scrollTop - log.clientHeight < 2"
    assert chat.log.evaluate(end)
    chat.log.hover()
    chat.page.mouse.wheel(0, -600)
    chat.log.evaluate("(log) => new Promise((done) => requestAnimationFrame(() => done()))")
    top = chat.log.evaluate("(log) => log.scrollTop")
    fake_desk.say("bot", "最新一条")
    chat.sees("最新一条")
    assert abs(chat.log.evaluate("(log) => log.scrollTop") - top) < 2


def test_the_live_region_is_a_log_with_a_name(fake_desk: FakeDesk, visit: Visit) -> None:
    """And everything one can operate has a name too."""
    chat = visit(fake_desk.url).open()
    assert chat.log.get_attribute("aria-live") == "polite"
    assert chat.log.get_attribute("aria-label") == "对话内容"
    names = (
        chat.page.locator("refund-desk-panel")
        .get_by_role("button")
        .evaluate_all(
            "(all) => all.map((each) => each.getAttribute('aria-label') || each.textContent)"
        )
    )
    assert all(name.strip() for name in names)
    assert chat.page.get_by_role("dialog", name="快连VPN客服").count() == 1


def test_on_a_phone_the_chat_fills_the_screen(fake_desk: FakeDesk, visit: Visit) -> None:
    """375 points wide: nothing sticks out, and the letters are large enough not to be zoomed."""
    chat = visit(fake_desk.url, width=375, height=740, is_mobile=True, has_touch=True).open()
    chat.say("我要退款，订单号 KL20260901001，邮箱 a.very.long.address.indeed@example-company.com")
    fake_desk.say("bot", "长编号 " + "0x" + "a1b2c3d4" * 8)
    chat.sees("长编号 " + "0x" + "a1b2c3d4" * 8)
    panel = chat.page.locator("refund-desk-panel .panel")
    # It slides in: measured once it stands still, or after five seconds where it is.
    panel.evaluate(
        """async (panel) => {
            const end = performance.now() + 5000;
            while (panel.getBoundingClientRect().y !== 0 && performance.now() < end) {
                await new Promise(requestAnimationFrame);
            }
        }"""
    )
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 375, "height": 740}
    assert chat.log.evaluate("(log) => log.scrollWidth <= log.clientWidth")
    assert chat.composer.evaluate("(area) => getComputedStyle(area).fontSize") == "16px"
    assert chat.page.evaluate("() => document.documentElement.scrollWidth") == 375
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    chat.page.screenshot(path=SCREENSHOTS / "chat-phone-zh.png", animations="disabled")


def test_the_page_switches_brand_and_language_without_losing_the_place(
    fake_desk: FakeDesk, visit: Visit
) -> None:
    """The chat stays open, changes with the page, and each brand keeps its own conversation."""
    chat = visit(fake_desk.url).open()
    chat.say("你好")
    chat.sees("→ 你好")
    chat.page.evaluate("() => (window.samePage = true)")
    chat.page.get_by_role("link", name="English").click()
    chat.page.get_by_role("heading", name="A refund, settled in one short chat").wait_for()
    chat.page.get_by_placeholder("Write a message…").wait_for()
    chat.page.get_by_role("link", name="Bitpie").first.click()
    chat.page.get_by_role("dialog", name="Bitpie support").wait_for()
    chat.sees(GREETING["en"])
    assert chat.page.evaluate("() => window.samePage") is True
    assert {each.brand for each in fake_desk.chats.values()} == {"kuailian", "bitpie"}
    chat.page.go_back()
    chat.page.get_by_role("dialog", name="Kuailian VPN support").wait_for()
    chat.sees("→ 你好")


def test_a_sample_order_is_put_into_the_composer(fake_desk: FakeDesk, visit: Visit) -> None:
    """Ready to be sent or changed; nothing is sent by itself."""
    chat = visit(fake_desk.url)
    chat.page.get_by_role("button", name="带入对话").first.click()
    chat.waits_until(
        "() => document.querySelector('refund-desk').shadowRoot.querySelector('refund-desk-panel')"
    )
    assert "KL20260901001" in chat.composer.input_value()
    assert fake_desk.posts == []
