"""A decision receipt: what was decided, on which facts and clauses, and what comes next.

Data with words in both languages, for chat, page and mail to lay out as they like. Knows the
labels and the next steps of each state; where the facts come from is left to the services.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from actions.domain.decision import Decision, Outcome, Promise
from actions.domain.money import Money
from actions.domain.order import Kind, Method
from actions.domain.refund_case import RefundCase, State
from actions.notices.wording import (
    Phrase,
    date_text,
    destination_text,
    money_text,
    pay_out_text,
    state_text,
    time_text,
)

LANGUAGES = ("zh", "en")

LABELS: dict[str, Phrase] = {
    "order_number": {"zh": "订单号", "en": "Order"},
    "kind": {"zh": "类型", "en": "What it was"},
    "item": {"zh": "项目", "en": "Item"},
    "paid": {"zh": "付款金额", "en": "Paid"},
    "paid_at": {"zh": "付款时间", "en": "Paid on"},
    "asked_at": {"zh": "申请时间", "en": "Asked on"},
    "method": {"zh": "付款方式", "en": "Paid by"},
    "refunded_before": {"zh": "此前已退", "en": "Refunded before"},
    "term": {"zh": "服务期限", "en": "Term"},
    "auto_renew_cancelled_at": {"zh": "取消自动续订", "en": "Auto-renewal cancelled"},
}
KINDS: dict[Kind, Phrase] = {
    Kind.PURCHASE: {"zh": "购买", "en": "purchase"},
    Kind.RENEWAL: {"zh": "自动续订", "en": "automatic renewal"},
    Kind.UPGRADE: {"zh": "升级", "en": "upgrade"},
    Kind.SERVICE_FEE: {"zh": "服务费", "en": "service fee"},
    Kind.ONCHAIN_TRANSFER: {"zh": "链上转账", "en": "on-chain transfer"},
    Kind.SWAP: {"zh": "币币兑换", "en": "swap"},
}
STEPS: dict[str, Phrase] = {
    "confirm": {
        "zh": "请在{until}前确认退款金额和退回账户，逾期需要重新申请。",
        "en": "Please confirm the amount and where it goes by {until}; after that you would have"
        " to ask again.",
    },
    "wait_for_review": {
        "zh": "请等待人工审核，预计{handling}前有结果，我们会发邮件通知您。",
        "en": "Please wait for the review. We expect an answer by {handling} and will e-mail you.",
    },
    "add_evidence": {
        "zh": "如果有补充的凭证，可以随时发给我们。",
        "en": "If you have further proof, you can send it at any time.",
    },
    "wait_for_approval": {
        "zh": "退款还需另外 {people} 名工作人员批准，之后才会汇出。",
        "en": "The refund is sent once {people} more of our staff have agreed.",
    },
    "wait_for_money": {
        "zh": "款项预计在{pay_out}退回原付款账户。",
        "en": "The money should be back with you: {pay_out}.",
    },
    "check_account": {
        "zh": "请查看原付款账户；如果{pay_out}之后仍未到账，请凭追踪编号联系我们。",
        "en": "Check the account you paid from. If it is not there after these days ({pay_out}),"
        " contact us with the tracking number.",
    },
    "we_try_again": {
        "zh": "汇出没有成功，我们正在处理，您不需要做什么。",
        "en": "The payment did not go through. We are dealing with it; you need do nothing.",
    },
    "appeal": {
        "zh": "如果您不认同这个决定，可以在{appeal_until}前指出有争议的事实并附上凭证提出申诉。",
        "en": "If you don't agree, name the fact that is wrong and appeal by {appeal_until}, with"
        " what proof you have.",
    },
    "appeal_is_read": {
        "zh": "您的申诉由另一名工作人员审核，结果会发邮件通知您。",
        "en": "Another member of our staff is reading your appeal; we will e-mail you the answer.",
    },
    "ask_again": {
        "zh": "申请已撤回；需要时可以再次申请。",
        "en": "The request was withdrawn. You can ask again whenever you need to.",
    },
}


@dataclass(frozen=True, slots=True)
class Dates:
    """The days that a receipt names and its decision does not: when decided, and until when
    an approval can be confirmed or a refusal appealed.
    """

    decided_at: datetime
    confirm_until: datetime
    appeal_until: datetime


def receipt(
    case: RefundCase,
    facts: Mapping[str, Any],
    dates: Dates,
    *,
    brand: Mapping[str, str],
    clauses: Mapping[str, Mapping[str, str]],
    remedies: Mapping[str, Mapping[str, str]],
    by_person: bool,
    zone: tzinfo,
) -> dict[str, Any]:
    """The receipt of a decided case, as JSON.

    ``facts`` are those that it was decided on, as ``desk decide`` takes them; ``clauses`` has
    the words of the policy's version, ``remedies`` what would change the answer by its code,
    ``brand`` the brand's name.
    """
    decision = case.decision
    assert decision is not None  # a receipt is of a decision
    return {
        "number": case.number,
        "brand": {"id": case.brand, **brand},
        "state": {"code": case.state.value, **_both(lambda each: _state(case, each))},
        "outcome": decision.outcome.value,
        "amount": {
            "amount": decision.amount.decimal_text(),
            "currency": decision.amount.currency,
            **_both(lambda each: money_text(decision.amount, each)),
        },
        "destination": {
            "method": case.destination.method.value,
            **_both(
                lambda each: destination_text(case.destination.method, case.destination.hint, each)
            ),
        },
        "facts": list(_facts(facts, zone)),
        "clauses": [{"id": id, **clauses[id]} for id in decision.clauses if id in clauses],
        "explanation": dict(decision.explanation),
        "policy_version": decision.policy_version,
        "decided_at": dates.decided_at.isoformat(),
        "decided_by": "person" if by_person else "policy",
        "approvals": {
            "needed": decision.approvals_needed,
            "given": len(set(case.approved_by)),
            "by": decision.approvals_by,
        },
        "pay_out": _promise(decision.pay_out),
        "handling": _promise(decision.handling),
        "closures": [closure.as_json() for closure in decision.closures],
        "would_change": [{"code": code, **words} for code, words in remedies.items()],
        "next_steps": _next_steps(case, decision, dates, zone),
    }


def _both(say: Callable[[str], str]) -> dict[str, str]:
    return {language: say(language) for language in LANGUAGES}


def _state(case: RefundCase, language: str) -> str:
    return state_text(case.state, case.decision.outcome if case.decision else None, language)


def _promise(promise: Promise | None) -> dict[str, Any] | None:
    if promise is None:
        return None
    return {**promise.as_json(), **_both(lambda each: pay_out_text(promise, each))}


# --- the facts -----------------------------------------------------------------------------


def _facts(facts: Mapping[str, Any], zone: tzinfo) -> Iterable[dict[str, Any]]:
    """What the decision rests on, without anything of other orders or accounts."""
    order = facts["order"]
    currency = order["currency"]
    paid = Money.parse(order["amount"], currency)
    payment = order["payment"]
    yield _fact("order_number", lambda _: order["order_number"])
    yield _fact("kind", lambda each: KINDS[Kind(order["kind"])][each])
    yield _fact("item", lambda _: order["item"])
    yield _fact("paid", lambda each: money_text(paid, each))
    if order["paid_at"]:
        yield _fact("paid_at", _moment(order["paid_at"], zone))
    method, hint = Method(payment["method"]), payment.get("hint")
    yield _fact("method", lambda each: destination_text(method, hint, each))
    yield _fact("asked_at", _moment(facts["asked_at"], zone))
    before = _refunded_before(facts, currency)
    if before:
        yield _fact("refunded_before", lambda each: money_text(before, each))
    if order.get("term_start") and order.get("term_end"):
        term = [date.fromisoformat(order[end]) for end in ("term_start", "term_end")]
        yield _fact("term", lambda each: " – ".join(date_text(day, each) for day in term))
    if order.get("auto_renew_cancelled_at"):
        cancelled = _moment(order["auto_renew_cancelled_at"], zone)
        yield _fact("auto_renew_cancelled_at", cancelled)


def _fact(code: str, say: Callable[[str], str]) -> dict[str, Any]:
    return {"code": code, "label": LABELS[code], "value": _both(say)}


def _moment(at: str, zone: tzinfo) -> Callable[[str], str]:
    return lambda language: time_text(datetime.fromisoformat(at), language, zone)


def _refunded_before(facts: Mapping[str, Any], currency: str) -> Money:
    of_order: Sequence[Mapping[str, Any]] = [
        refund
        for refund in facts.get("refunds") or ()
        if refund["order_number"] == facts["order"]["order_number"]
        and refund["currency"] == currency
    ]
    amounts = (Money.parse(refund["amount"], currency) for refund in of_order)
    return sum(amounts, Money.zero(currency))


# --- what comes next -----------------------------------------------------------------------

_BY_OUTCOME: dict[Outcome, tuple[str, ...]] = {
    Outcome.APPROVED: ("confirm",),
    Outcome.PARTIAL: ("confirm", "appeal"),
    Outcome.DENIED: ("appeal",),
    Outcome.NEEDS_REVIEW: ("wait_for_review", "add_evidence"),
}
_BY_STATE: dict[State, tuple[str, ...]] = {
    State.PAYING: ("wait_for_money",),
    State.PAID: ("check_account",),
    State.FAILED: ("we_try_again",),
    State.APPEALED: ("appeal_is_read", "add_evidence"),
    State.WITHDRAWN: ("ask_again",),
}


def _next_steps(
    case: RefundCase, decision: Decision, dates: Dates, zone: tzinfo
) -> list[dict[str, str]]:
    def said(code: str) -> dict[str, str]:
        return _both(lambda language: _step(code, case, decision, dates, zone, language))

    return [{"code": code, **said(code)} for code in _codes(case, decision)]


def _codes(case: RefundCase, decision: Decision) -> tuple[str, ...]:
    if case.state is State.DECIDED:
        return _BY_OUTCOME[decision.outcome]
    if case.state is State.CONFIRMED:
        return ("wait_for_approval",) if case.awaits_approval else ("wait_for_money",)
    return _BY_STATE.get(case.state, ())


def _step(
    code: str, case: RefundCase, decision: Decision, dates: Dates, zone: tzinfo, language: str
) -> str:
    pay_out, handling = decision.pay_out, decision.handling
    return STEPS[code][language].format(
        until=time_text(dates.confirm_until, language, zone),
        appeal_until=date_text(dates.appeal_until.astimezone(zone).date(), language),
        handling=date_text(handling.to_date, language) if handling else "",
        pay_out=pay_out_text(pay_out, language) if pay_out else "",
        people=decision.approvals_needed - len(set(case.approved_by)),
    )
