"""How the desk says amounts, days, instants, destinations and states, in "zh" and "en".

For chat, pages and mails alike, so that one refund is never said in two ways. Money and
days are ``domain.wording``'s; they are passed on from here.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from actions.domain.appeal import DisputedFact
from actions.domain.decision import Outcome, Promise
from actions.domain.order import Method, OrderStatus
from actions.domain.refund_case import State
from actions.domain.renewal_cancellation import NextCharge, RenewalState
from actions.domain.wording import date_range_text, date_text, money_text

__all__ = [
    "date_range_text",
    "date_text",
    "destination_text",
    "hours_text",
    "money_text",
    "order_state_text",
    "pay_out_text",
    "remedies_text",
    "saved_text",
    "state_text",
    "time_text",
]

Phrase = dict[str, str]

_REMEDIES: Phrase = {
    "zh": "如果能做到下面任何一条，结果可能不同：",
    "en": "Any of these could lead to another answer:",
}

METHODS: dict[Method, Phrase] = {
    Method.CARD: {"zh": "银行卡", "en": "card"},
    Method.PAYPAL: {"zh": "PayPal 账户", "en": "PayPal account"},
    Method.ALIPAY: {"zh": "支付宝", "en": "Alipay account"},
    Method.WECHAT_PAY: {"zh": "微信支付", "en": "WeChat Pay account"},
    Method.CRYPTO: {"zh": "加密货币地址", "en": "crypto address"},
    Method.THIRD_PARTY: {"zh": "第三方支付账户", "en": "third-party payment account"},
}
_CARD_WITH_HINT: Phrase = {"zh": "尾号 {hint} 的银行卡", "en": "card ending in {hint}"}
_WITH_HINT: Phrase = {"zh": "{method}（{hint}）", "en": "{method} ({hint})"}

STATES: dict[State, Phrase] = {
    State.DRAFT: {"zh": "待验证身份", "en": "waiting for verification"},
    State.VERIFIED: {"zh": "待审核", "en": "waiting for a decision"},
    State.DECIDED: {"zh": "已审核", "en": "decided"},
    State.CONFIRMED: {"zh": "已确认，等待汇出", "en": "confirmed, about to be sent"},
    State.PAYING: {"zh": "正在退款", "en": "being paid back"},
    State.PAID: {"zh": "退款已汇出", "en": "paid back"},
    State.FAILED: {"zh": "汇出未成功，正在处理", "en": "payment failed, being dealt with"},
    State.WITHDRAWN: {"zh": "已撤回", "en": "withdrawn"},
    State.APPEALED: {"zh": "申诉处理中", "en": "under appeal"},
}
OUTCOMES: dict[Outcome, Phrase] = {
    Outcome.APPROVED: {"zh": "已批准，等待您确认", "en": "approved, waiting for your confirmation"},
    Outcome.PARTIAL: {
        "zh": "已批准部分退款，等待您确认",
        "en": "approved in part, waiting for your confirmation",
    },
    Outcome.DENIED: {"zh": "未获批准", "en": "not approved"},
    Outcome.NEEDS_REVIEW: {"zh": "人工审核中", "en": "being reviewed by a person"},
}
ORDER_STATES: dict[OrderStatus, Phrase] = {
    OrderStatus.PAID: {"zh": "已付款", "en": "paid"},
    OrderStatus.PENDING: {"zh": "等待付款到账", "en": "waiting for the payment to arrive"},
    OrderStatus.FAILED: {"zh": "付款未成功", "en": "the payment failed"},
    OrderStatus.REFUNDED: {"zh": "已全额退款", "en": "refunded in full"},
    OrderStatus.PARTIALLY_REFUNDED: {"zh": "已部分退款", "en": "refunded in part"},
    OrderStatus.DISPUTED: {"zh": "付款存在争议", "en": "the payment is disputed"},
}
DISPUTED_FACTS: dict[DisputedFact, Phrase] = {
    DisputedFact.PAYMENT_DATE: {"zh": "付款日期", "en": "the date of payment"},
    DisputedFact.AMOUNT: {"zh": "金额", "en": "the amount"},
    DisputedFact.CANCELLATION: {
        "zh": "是否已取消自动续订",
        "en": "whether auto-renewal had been cancelled",
    },
    DisputedFact.ACCOUNT_STATUS: {"zh": "账户状态", "en": "the state of the account"},
    DisputedFact.DOUBLE_CHARGE: {"zh": "是否重复扣款", "en": "whether it was charged twice"},
    DisputedFact.CAPTURED_PAYMENT: {
        "zh": "款项是否已被扣除",
        "en": "whether the money was really taken",
    },
    DisputedFact.REASON: {"zh": "退款原因", "en": "the reason for the refund"},
    DisputedFact.OTHER: {"zh": "其他事实", "en": "another fact"},
}
RENEWAL_STATES: dict[RenewalState, Phrase] = {
    RenewalState.REQUESTED: {"zh": "正在取消自动续订", "en": "auto-renewal being cancelled"},
    RenewalState.DONE: {"zh": "自动续订已取消", "en": "auto-renewal cancelled"},
    RenewalState.REFUSED: {"zh": "自动续订未能取消", "en": "auto-renewal not cancelled"},
    RenewalState.WITHDRAWN: {"zh": "已撤回", "en": "withdrawn"},
}
_SAVED: Phrase = {
    "zh": "原定于{on}续订（上一期费用 {amount}），不会再扣款。",
    "en": "It would have renewed on {on} (the last term cost {amount}); that charge will not come.",
}
_SAVED_ON: Phrase = {
    "zh": "原定于{on}续订，不会再扣款。",
    "en": "It would have renewed on {on}; that charge will not come.",
}
_SAVED_SOME: Phrase = {"zh": "以后不会再自动扣费。", "en": "You will not be charged again."}
_HOURS: Phrase = {
    "zh": "人工服务时间：{times}（{zone}）{holidays}。",
    "en": "People are here {times}, {zone}{holidays}.",
}
_TIMES: Phrase = {"zh": "{days} {times}", "en": "{days} from {times}"}
_FROM_TO: Phrase = {"zh": "{opens}–{closes}", "en": "{opens} to {closes}"}
_BETWEEN_TIMES: Phrase = {"zh": "、", "en": " and "}
_BETWEEN_SPANS: Phrase = {"zh": "，", "en": ", "}
_CLOSED_ON_HOLIDAYS: Phrase = {"zh": "，法定节假日休息", "en": "; closed on public holidays"}
_EVERY_DAY: Phrase = {"zh": "每天", "en": "every day"}
_DAYS: dict[str, tuple[str, ...]] = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_BETWEEN_DAYS: Phrase = {"zh": "、", "en": ", "}
_ZONES: dict[str, Phrase] = {"Asia/Shanghai": {"zh": "北京时间", "en": "Beijing time"}}
_PROVISIONAL: Phrase = {"zh": "{dates}（暂定）", "en": "{dates} (provisional)"}


def destination_text(method: Method, hint: str | None, language: str) -> str:
    """Where the money goes: 尾号 4242 的银行卡, card ending in 4242."""
    name = METHODS[method][language]
    if not hint:
        return name
    phrase = _CARD_WITH_HINT if method is Method.CARD else _WITH_HINT
    return phrase[language].format(method=name, hint=hint)


def state_text(state: State, outcome: Outcome | None, language: str) -> str:
    """Where a case stands, in a few words; a decided one by its outcome."""
    if state is State.DECIDED and outcome is not None:
        return OUTCOMES[outcome][language]
    return STATES[state][language]


def order_state_text(status: OrderStatus, language: str) -> str:
    """How far the payment for an order has come, in a few words."""
    return ORDER_STATES[status][language]


def pay_out_text(pay_out: Promise, language: str) -> str:
    """The days between which the money arrives, marked where they are provisional."""
    dates = date_range_text(pay_out.from_date, pay_out.to_date, language)
    return _PROVISIONAL[language].format(dates=dates) if pay_out.provisional else dates


def saved_text(charge: NextCharge, language: str) -> str:
    """Which charge the end of auto-renewal spares the customer, as far as it is known."""
    if charge.on is None:
        return _SAVED_SOME[language]
    on = date_text(charge.on, language)
    if charge.amount is None:
        return _SAVED_ON[language].format(on=on)
    return _SAVED[language].format(on=on, amount=money_text(charge.amount, language))


def remedies_text(remedies: Sequence[str], language: str) -> str:
    """What could still lead to another answer, as a list below a text; nothing if there is none."""
    if not remedies:
        return ""
    return "".join([f"\n{_REMEDIES[language]}", *(f"\n- {each}" for each in remedies)])


def time_text(at: datetime, language: str, zone: tzinfo) -> str:
    """An aware instant as day and time of a zone: 2026年9月1日 10:00, 1 September 2026, 10:00."""
    local = at.astimezone(zone)
    between = " " if language == "zh" else ", "
    return f"{date_text(local.date(), language)}{between}{local:%H:%M}"


def hours_text(
    spans: Iterable[tuple[str, str, Collection[int]]],
    zone: ZoneInfo,
    language: str,
    *,
    closed_on_holidays: bool = False,
) -> str:
    """When people answer: from when to when by the zone's clocks, on days 1 (Monday) to 7."""
    by_days: dict[tuple[int, ...], list[str]] = {}
    for opens, closes, days in spans:
        span = _FROM_TO[language].format(opens=opens, closes=closes)
        by_days.setdefault(tuple(sorted(days)), []).append(span)
    times = _BETWEEN_SPANS[language].join(
        _TIMES[language].format(
            days=_days_text(days, language), times=_BETWEEN_TIMES[language].join(found)
        )
        for days, found in by_days.items()
    )
    return _HOURS[language].format(
        times=times,
        zone=_ZONES.get(zone.key, {}).get(language, zone.key),
        holidays=_CLOSED_ON_HOLIDAYS[language] if closed_on_holidays else "",
    )


def _days_text(days: tuple[int, ...], language: str) -> str:
    if days == tuple(range(1, 8)):
        return _EVERY_DAY[language]
    return _BETWEEN_DAYS[language].join(_DAYS[language][day - 1] for day in days)
