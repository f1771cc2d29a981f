"""The words of each notice in both languages, as plain text and as HTML.

Knows how a mail reads and looks; the facts in it come ready in the right language. Every
fact is escaped, and no fact can add a header.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from actions.notices.kinds import FACTS, NoticeKind

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Written:
    """A notice ready to be sent."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Template:
    """A subject and paragraphs with gaps. A paragraph of one gap alone stands out."""

    subject: str
    paragraphs: tuple[str, ...]


_ZH_HELLO, _EN_HELLO = "{name}，您好：", "Hello {name},"
_ZH_TRACK = "您的追踪编号是 {number}，打开在线客服、报上编号，随时可以查询进度："
_EN_TRACK = (
    "Your tracking number is {number}. To check on it at any time, give it in the chat here:"
)
_ZH_ASK = "办理编号是 {number}。如有疑问，请打开在线客服并报上编号："
_EN_ASK = "Your reference is {number}. If you have a question, give it in the chat here:"
_ZH_SAFETY = (
    "我们不会向您索要密码、银行卡验证码、助记词或私钥。如果这不是您本人的操作，请直接联系我们。"
)
_EN_SAFETY = (
    "We never ask for passwords, card security codes, recovery phrases or private keys."
    " If this wasn't you, please get in touch with us."
)


def _zh(subject: str, *paragraphs: str, track: str = _ZH_TRACK) -> Template:
    return Template(subject, (_ZH_HELLO, *paragraphs, track, "{link}", _ZH_SAFETY, "{brand}"))


def _en(subject: str, *paragraphs: str, track: str = _EN_TRACK) -> Template:
    return Template(subject, (_EN_HELLO, *paragraphs, track, "{link}", _EN_SAFETY, "{brand}"))


TEMPLATES: dict[NoticeKind, dict[str, Template]] = {
    NoticeKind.SEND_CODE: {
        "zh": Template(
            "{brand}验证码：{code}",
            (
                "您好：",
                "您正在{brand}退款客服验证身份，验证码是：",
                "{code}",
                "验证码 {minutes} 分钟内有效。请只在刚才的对话中输入，不要告诉任何人，"
                "我们的工作人员也不会向您索要。",
                "如果不是您本人操作，请忽略这封邮件，您的账户不会有任何变化。",
                "{brand}",
            ),
        ),
        "en": Template(
            "{code} is your {brand} code",
            (
                "Hello,",
                "You are confirming who you are at {brand}'s refund desk. Your code is:",
                "{code}",
                "It is good for {minutes} minutes. Enter it only in the conversation you have"
                " just started and tell it to nobody; our staff will not ask you for it.",
                "If this wasn't you, ignore this mail: nothing about your account changes.",
                "{brand}",
            ),
        ),
    },
    NoticeKind.CONFIRM_EMAIL: {
        "zh": Template(
            "{brand}验证码：{code}",
            (
                "您好：",
                "有人要把这个邮箱设为{brand}账户的新邮箱。如果是您本人，请在刚才的对话中输入验证码：",
                "{code}",
                "验证码 {minutes} 分钟内有效，请不要告诉任何人。",
                "如果不是您本人操作，请忽略这封邮件，这个邮箱不会被使用。",
                "{brand}",
            ),
        ),
        "en": Template(
            "{code} is your {brand} code",
            (
                "Hello,",
                "Someone wants to make this the e-mail address of a {brand} account. If it was you,"
                " enter this code in the conversation you have just had:",
                "{code}",
                "It is good for {minutes} minutes. Tell it to nobody.",
                "If this wasn't you, ignore this mail: your address will not be used.",
                "{brand}",
            ),
        ),
    },
    NoticeKind.EMAIL_CHANGED: {
        "zh": Template(
            "您的{brand}账户邮箱已更改",
            (
                _ZH_HELLO,
                "您的{brand}账户已于{changed_at}换用新的邮箱，今后的邮件不再寄到这里。",
                "如果是您本人操作，不需要做任何事。如果不是，请马上打开在线客服并说“转人工”，"
                "我们核实之后可以撤销这次更改：",
                "{link}",
                "{brand}",
            ),
        ),
        "en": Template(
            "The e-mail address of your {brand} account has changed",
            (
                _EN_HELLO,
                "Since {changed_at} your {brand} account has another e-mail address; no more mail"
                " about it will come here.",
                "If you did this, there is nothing to do. If you didn't, open the chat right away"
                " and ask for a person: once they have checked, they can undo the change.",
                "{link}",
                "{brand}",
            ),
        ),
    },
    NoticeKind.REFUND_APPROVED: {
        "zh": _zh(
            "退款已批准，等待您确认（{number}）",
            "订单 {order_number} 的退款申请已批准，确认后将退还 {amount} 到{destination}。"
            "款项要等您确认之后才会汇出。",
            "{explanation}",
        ),
        "en": _en(
            "Your refund is approved and waits for your yes ({number})",
            "Your refund request for {order_number} is approved: {amount}, to your {destination}."
            " The money is sent only after you have confirmed.",
            "{explanation}",
        ),
    },
    NoticeKind.REFUND_IN_REVIEW: {
        "zh": _zh(
            "退款申请正在人工审核（{number}）",
            "我们已收到订单 {order_number} 的退款申请，正在由人工审核，有结果后会发邮件通知您。",
            "{explanation}",
        ),
        "en": _en(
            "A person is looking at your refund request ({number})",
            "We have your refund request for {order_number}. A person is looking at it, and we"
            " will write to you as soon as there is an answer.",
            "{explanation}",
        ),
    },
    NoticeKind.REFUND_DENIED: {
        "zh": _zh(
            "关于您的退款申请（{number}）",
            "很抱歉，订单 {order_number} 的退款申请没有获得批准，具体原因如下。",
            "{explanation}",
        ),
        "en": _en(
            "About your refund request ({number})",
            "We are sorry: your refund request for {order_number} was not approved. This is why.",
            "{explanation}",
        ),
    },
    NoticeKind.REFUND_CONFIRMED: {
        "zh": _zh(
            "退款已确认：{amount}（{number}）",
            "您已确认订单 {order_number} 的退款，{amount} 将退回{destination}。",
            "预计到账时间：{promise}。具体时间视付款方式和银行而定。",
        ),
        "en": _en(
            "Refund confirmed: {amount} ({number})",
            "You have confirmed the refund for {order_number}: {amount} goes back to your"
            " {destination}.",
            "Expected to arrive: {promise}. The exact day depends on the payment method and"
            " the bank.",
        ),
    },
    NoticeKind.REFUND_PAID: {
        "zh": _zh(
            "退款已汇出：{amount}（{number}）",
            "订单 {order_number} 的退款 {amount} 已汇出到{destination}。"
            "如果几个工作日后仍未到账，请凭追踪编号联系我们。",
        ),
        "en": _en(
            "Refund sent: {amount} ({number})",
            "The refund for {order_number}, {amount}, has been sent to your {destination}. If it"
            " hasn't arrived after several working days, give us the tracking number.",
        ),
    },
    NoticeKind.REFUND_DELAYED: {
        "zh": _zh(
            "退款汇出遇到问题（{number}）",
            "订单 {order_number} 的退款 {amount} 暂时没有汇出成功，工作人员正在处理。"
            "您无需重新申请，有进展后我们会发邮件通知您。",
        ),
        "en": _en(
            "A problem with sending your refund ({number})",
            "The refund for {order_number}, {amount}, could not be sent yet. Our staff are on it;"
            " you need not ask again, and we will write to you when it moves.",
        ),
    },
    NoticeKind.REFUND_WITHDRAWN: {
        "zh": _zh(
            "退款申请已撤回（{number}）",
            "您已撤回订单 {order_number} 的退款申请，不会有款项退回。需要时可以重新申请。",
        ),
        "en": _en(
            "Refund request withdrawn ({number})",
            "You have withdrawn the refund request for {order_number}, so no money goes back."
            " You can ask again if you need to.",
        ),
    },
    NoticeKind.REFUND_NOT_RELEASED: {
        "zh": _zh(
            "您确认的退款未能汇出（{number}）",
            "很抱歉，您确认过的订单 {order_number} 的退款，在汇出前的复核中没有获得同意，"
            "不会有款项退回。具体原因如下。",
            "{explanation}",
        ),
        "en": _en(
            "The refund you confirmed was not released ({number})",
            "We are sorry: the refund for {order_number} that you had confirmed did not pass the"
            " second check before sending, so no money goes back. This is why.",
            "{explanation}",
        ),
    },
    NoticeKind.APPEAL_RECEIVED: {
        "zh": _zh(
            "已收到您的申诉（{number}）",
            "我们已收到您对订单 {order_number} 退款决定的申诉，您提出异议的是：{disputed}。",
            "申诉会由另一位工作人员重新审核，有结果后会发邮件通知您。",
        ),
        "en": _en(
            "We have your appeal ({number})",
            "We have your appeal against our decision on {order_number}. What you dispute:"
            " {disputed}.",
            "Someone who has not decided on it before will look at it again, and we will write to"
            " you as soon as there is an answer.",
        ),
    },
    NoticeKind.APPEAL_APPROVED: {
        "zh": _zh(
            "申诉成功，退款等待您确认（{number}）",
            "您对订单 {order_number} 的申诉已获支持，确认后将退还 {amount} 到{destination}。"
            "款项要等您确认之后才会汇出。",
            "{explanation}",
        ),
        "en": _en(
            "Your appeal succeeded and the refund waits for your yes ({number})",
            "Your appeal about {order_number} succeeded: {amount}, to your {destination}. The"
            " money is sent only after you have confirmed.",
            "{explanation}",
        ),
    },
    NoticeKind.APPEAL_DENIED: {
        "zh": _zh(
            "关于您的申诉（{number}）",
            "很抱歉，另一位工作人员重新审核后，订单 {order_number} 的退款仍未获批准，"
            "具体原因如下。",
            "{explanation}",
        ),
        "en": _en(
            "About your appeal ({number})",
            "We are sorry: someone else has looked at {order_number} again, and the refund is"
            " still not approved. This is why.",
            "{explanation}",
        ),
    },
    NoticeKind.RENEWAL_REQUESTED: {
        "zh": _zh(
            "已收到取消自动续订的申请（{number}）",
            "我们已收到您在{asked_at}为订单 {order_number} 取消自动续订的申请，正在办理，"
            "办妥后会发邮件通知您。",
            "办妥的取消从您提出申请的时间起算：在那之后如仍发生续订扣款，可以申请全额退款。",
            track=_ZH_ASK,
        ),
        "en": _en(
            "We have your request to cancel auto-renewal ({number})",
            "On {asked_at} you asked us to cancel auto-renewal for {order_number}. We are on it and"
            " will write to you when it is done.",
            "Once done, it counts from the moment you asked: a renewal charged after that can be"
            " refunded in full.",
            track=_EN_ASK,
        ),
    },
    NoticeKind.RENEWAL_CANCELLED: {
        "zh": _zh(
            "自动续订已取消（{number}）",
            "订单 {order_number} 的自动续订已取消，自您提出申请的{asked_at}起算。{saved}",
            "已付费的期限不受影响，可以用到期满。",
            track=_ZH_ASK,
        ),
        "en": _en(
            "Auto-renewal is cancelled ({number})",
            "Auto-renewal for {order_number} is cancelled, counted from when you asked, {asked_at}."
            " {saved}",
            "What you have paid for stays yours to use until its term ends.",
            track=_EN_ASK,
        ),
    },
    NoticeKind.RENEWAL_REFUSED: {
        "zh": _zh(
            "自动续订未能取消（{number}）",
            "很抱歉，订单 {order_number} 的自动续订没有取消，原因是：",
            "{explanation}",
            track=_ZH_ASK,
        ),
        "en": _en(
            "Auto-renewal could not be cancelled ({number})",
            "We are sorry: auto-renewal for {order_number} was not cancelled. The reason:",
            "{explanation}",
            track=_EN_ASK,
        ),
    },
}

_PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{subject}</title>'
    '</head><body style="margin:0;padding:24px;background:#f4f6f8;color:#1c2733;'
    'font:16px/1.6 system-ui,sans-serif"><div style="max-width:560px;margin:0 auto;padding:24px;'
    'background:#ffffff;border-radius:8px">{body}</div></body></html>'
)
_PARAGRAPH = '<p style="margin:0 0 16px">{words}</p>'
_CODE = '<p style="margin:0 0 16px;font-size:28px;letter-spacing:4px"><strong>{words}</strong></p>'
_LINK = '<p style="margin:0 0 16px"><a href="{words}">{words}</a></p>'
_LANGUAGE_TAGS = {"zh": "zh-Hans", "en": "en"}


def write(kind: NoticeKind, language: str, facts: Mapping[str, str]) -> Written:
    """A notice in "zh" or "en". Raises ``KeyError`` when a fact it needs is missing."""
    missing = FACTS[kind] - facts.keys()
    if missing:
        raise KeyError(f"{kind} needs {', '.join(sorted(missing))}")
    template = TEMPLATES[kind][language]
    subject = _CONTROL.sub(" ", template.subject.format_map(facts)).strip()
    paragraphs = [paragraph.format_map(facts) for paragraph in template.paragraphs]
    body = "".join(_html(paragraph, facts) for paragraph in template.paragraphs)
    page = _PAGE.format(language=_LANGUAGE_TAGS[language], subject=html.escape(subject), body=body)
    return Written(subject, "\n\n".join(paragraphs) + "\n", page)


def _html(paragraph: str, facts: Mapping[str, str]) -> str:
    shape = {"{code}": _CODE, "{link}": _LINK}.get(paragraph, _PARAGRAPH)
    words = html.escape(paragraph.format_map(facts)).replace("\n", "<br>")
    return shape.format(words=words)
