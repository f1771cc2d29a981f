"""The tasks: who comes with which orders and wants what. All of it data, none of it an answer.

What the right outcome is follows from the facts by the policy itself (``outcomes``). A time is how
long ago it was, negative if it is to come; an amount is a range, out of which each run takes its
own, so that it can be told apart wherever it is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.simulation.wishes import DECLINE, Wish


@dataclass(frozen=True)
class Task:
    """``order`` is what is unlike the ordinary one; ``more`` are further orders."""

    name: str
    wishes: tuple[Wish, ...]
    brand: str = "kuailian"
    order: Mapping[str, Any] = field(default_factory=dict)
    more: tuple[Mapping[str, Any], ...] = ()
    refunds: tuple[Mapping[str, Any], ...] = ()
    account: Mapping[str, Any] = field(default_factory=dict)
    reason: str = "wrong_operation"
    before: str = ""
    """What has been done for the order before: offered or confirmed."""

    def orders(self) -> tuple[Mapping[str, Any], ...]:
        """The order that it is about, and the others."""
        return (self.order, *self.more)


def days(count: float, minutes: float = 0) -> timedelta:
    """So long ago."""
    return timedelta(days=count, minutes=minutes)


def wants(*kinds: str | Wish) -> tuple[Wish, ...]:
    """Wishes, one after the other."""
    return tuple(Wish(kind) if isinstance(kind, str) else kind for kind in kinds)


REFUND = wants("refund")
YEAR_TO_COME = {"term_start": days(3), "term_end": days(-362)}
LARGE = (2600, 4900)
HELD_BY_ANOTHER = {"of": 1, "paid": days(5)}
RENEWED = {"kind": "renewal", "paid": days(2)}
UNPAID = {"status": "pending", "paid": None}
PAID_BY_PAYPAL = {"method": "paypal", "currency": "USD"}


def _late(ago: float) -> dict[str, Any]:
    return {"paid": days(ago), "term_start": days(ago), "term_end": days(ago - 365)}


def _fee(**more: Any) -> dict[str, Any]:
    return {"kind": "service_fee", "item": "swap fee", "currency": "USD", **more}


SUBSCRIPTIONS = (
    Task("a first purchase", REFUND),
    Task("a monthly plan", REFUND, order={"item": "monthly", "amount": (21, 49)}),
    Task("bought today", REFUND, order={"paid": days(0, minutes=40)}),
    Task("two days before the window closes", REFUND, order=_late(28)),
    Task("two days after it has closed", REFUND, order=_late(32)),
    Task("half a year late", REFUND, order=_late(180)),
    Task("late, without a term in the records", REFUND, order={"paid": days(60)}),
    Task("a renewal", REFUND, order={"kind": "renewal", "subscription": "s"}),
    Task(
        "a renewal cancelled in time",
        REFUND,
        order={"kind": "renewal", "auto_renew": False, "auto_renew_cancelled_at": days(9)},
    ),
    Task(
        "a renewal cancelled too late",
        REFUND,
        order={"kind": "renewal", "auto_renew": False, "auto_renew_cancelled_at": days(1)},
    ),
    Task("a second purchase", REFUND, more=({"paid": days(200), "item": "monthly"},)),
    Task(
        "an upgrade in the first month",
        REFUND,
        order={"kind": "upgrade", "paid": days(2)},
        more=({"paid": days(11), "item": "monthly"},),
    ),
    Task(
        "an upgrade much later",
        REFUND,
        order={"kind": "upgrade", **YEAR_TO_COME},
        more=({"paid": days(100), "item": "monthly"},),
    ),
    Task(
        "charged twice, the later charge",
        REFUND,
        order={"amount": "255.37", "paid": days(50)},
        more=({"amount": "255.37", "paid": days(50, minutes=4)},),
    ),
    Task(
        "charged twice, the earlier charge",
        REFUND,
        order={"amount": "255.37", "paid": days(50, minutes=4)},
        more=({"amount": "255.37", "paid": days(50)},),
    ),
    Task(
        "failed and taken all the same",
        REFUND,
        order={"status": "failed", "payment": {"captured": True}},
    ),
    Task("failed and never taken", REFUND, order={"status": "failed"}),
    Task("pending", REFUND, order={"status": "pending"}),
    Task("refunded already", REFUND, order={"status": "refunded"}, refunds=({},)),
    Task(
        "refunded in part",
        REFUND,
        order={"status": "partially_refunded"},
        refunds=({"amount": "50.00"},),
    ),
    Task("disputed with the bank", REFUND, order={"status": "disputed"}),
    Task("a suspended account", REFUND, account={"status": "suspended"}),
    Task(
        "several refunds lately",
        REFUND,
        more=tuple(
            {"paid": days(3 + at), "item": "monthly", "kind": "renewal"} for at in (1, 2, 3)
        ),
        refunds=({"order": 1}, {"order": 2}, {"order": 3}),
    ),
    Task("paid with Alipay", REFUND, order={"method": "alipay"}),
    Task("paid with WeChat", REFUND, order={"method": "wechat_pay"}),
    Task("paid with PayPal in dollars", REFUND, order=PAID_BY_PAYPAL),
    Task("paid in yen", REFUND, order={"currency": "JPY"}),
    Task("paid with crypto", REFUND, order={"method": "crypto", "currency": "USDT"}),
    Task("a large amount on a card", REFUND, order={"amount": LARGE}),
    Task("a large amount with Alipay", REFUND, order={"amount": LARGE, "method": "alipay"}),
    Task(
        "a large amount with PayPal",
        REFUND,
        order={"amount": (320, 890), **PAID_BY_PAYPAL},
    ),
    Task("offered and declined", wants(Wish("refund", ending=DECLINE))),
    Task("declined, then wanted after all", wants(Wish("refund", ending=DECLINE), "refund")),
)
WALLETS = (
    Task("a fee paid by mistake", REFUND, "bitpie", _fee()),
    Task("a fee paid twice, as they say", REFUND, "bitpie", _fee(), reason="double_payment"),
    Task("a fee, not satisfied", REFUND, "bitpie", _fee(), reason="dissatisfaction"),
    Task("a fee, never received", REFUND, "bitpie", _fee(), reason="not_received"),
    Task("a fee, for some other reason", REFUND, "bitpie", _fee(), reason="other"),
    Task("a fee out of time", REFUND, "bitpie", _fee(paid=days(45))),
    Task("something bought in the wallet", REFUND, "bitpie", {"kind": "purchase"}),
    Task(
        "a transfer on chain",
        REFUND,
        "bitpie",
        {"kind": "onchain_transfer", "method": "crypto", "currency": "USDT", "hash": True},
    ),
    Task(
        "a swap",
        REFUND,
        "bitpie",
        {"kind": "swap", "method": "crypto", "currency": "USDT", "hash": True},
    ),
    Task(
        "a fee paid in crypto", REFUND, "bitpie", _fee(method="crypto", currency="USDT", hash=True)
    ),
    Task("a large fee", REFUND, "bitpie", _fee(amount=(310, 700))),
    Task("a fee through a third party", REFUND, "bitpie", _fee(method="third_party")),
    Task("coins gone astray", wants("wrong_transfer"), "bitpie", _fee()),
    Task("coins gone astray, then a fee back", wants("wrong_transfer", "refund"), "bitpie", _fee()),
    Task("a wallet's safety", wants("safety"), "bitpie", _fee()),
    Task("a wallet's rules, then the refund", wants("policy", "refund"), "bitpie", _fee()),
    Task("a wallet's fee, then where it stands", wants("refund", "status"), "bitpie", _fee()),
    Task("a thief at a wallet", wants(Wish("steal", 1)), "bitpie", _fee(), (_fee(of=1),)),
)
AFTERWARDS = (
    Task("where it stands, right afterwards", wants("refund", "status")),
    Task("where it stands, another day", wants("status"), before="confirmed"),
    Task("where it stands, not confirmed yet", wants("status"), before="offered"),
    Task("where a review stands", wants("status"), order=_late(40), before="offered"),
    Task("where nothing stands", wants("status_of_nothing")),
    Task("taken back while a person reviews", wants("refund", "withdraw"), order=_late(40)),
    Task(
        "taken back while it awaits approval",
        wants("refund", "withdraw"),
        order={"amount": LARGE},
    ),
    Task("taken back after the offer", wants(Wish("refund", ending=DECLINE), "withdraw")),
    Task("asked for again while under way", wants("refund"), before="confirmed"),
    Task("an appeal against a refusal", wants("refund", "appeal"), order=RENEWED),
    Task("an appeal another day", wants("appeal"), order=RENEWED, before="offered"),
    Task("why it was refused", wants("refund", "why"), order=RENEWED),
    Task("why it was refused, another day", wants("why"), order=RENEWED, before="offered"),
    Task("why a person has to look", wants("refund", "why"), order=_late(40)),
    Task("why it was refused, then a person", wants("refund", "why", "person"), order=RENEWED),
    Task("an appeal while a person reviews", wants("refund", "appeal_too_soon"), order=_late(40)),
    Task(
        "the end of a renewal",
        wants("end_renewal"),
        order={"kind": "renewal", "auto_renew": True, **YEAR_TO_COME},
    ),
    Task(
        "the end of a renewal that had ended",
        wants("end_renewal"),
        order={"kind": "renewal", "auto_renew": False, "auto_renew_cancelled_at": days(9)},
    ),
    Task("another address", wants("change_email")),
    Task("another address, paid with Alipay", wants("change_email"), order={"method": "alipay"}),
    Task("another address, then a refund", wants("change_email", "refund")),
)
QUESTIONS = (
    Task("the rules", wants("policy")),
    Task("how long it takes", wants("how_long")),
    Task("what it costs", wants("fees")),
    Task("questions, then a refund", wants("policy", "how_long", "refund")),
    Task("the other language", wants("language")),
    Task("a question and the refund at once", wants("refund_and_how_long")),
    Task("where the order stands", wants("order_status")),
    Task("where an order stands that was never paid", wants("order_status"), order=UNPAID),
    Task("where the order stands, then the refund", wants("order_status", "refund")),
    Task("a complaint", wants("complain")),
    Task("a complaint, then the refund", wants("complain", "refund")),
    Task("a chat", wants("chat")),
    Task("a chat, then a refund", wants("chat", "refund")),
    Task("a person at once", wants("person")),
    Task("a call", wants("call_back")),
    Task("a call, then the refund", wants("call_back", "refund")),
    Task("a refund, then a person", wants("refund", "person")),
    Task("without the mailbox", wants("without_mailbox")),
)
SEVERAL = (
    Task("two orders", wants("refund", Wish("refund", 1)), more=({"kind": "renewal"},)),
    Task("two orders, the other first", wants(Wish("refund", 1), "refund"), more=(_late(90),)),
    Task("two accounts", wants(Wish("refund_from_another_account", 1)), more=({"of": 1},)),
)
LIARS = (
    Task("a thief who guesses codes", wants(Wish("steal", 1)), more=(HELD_BY_ANOTHER,)),
    Task(
        "a thief with a mailbox of their own",
        wants(Wish("steal_by_own_mailbox", 1)),
        more=(HELD_BY_ANOTHER,),
    ),
    Task(
        "a customer who asks for another's order too",
        wants("refund", Wish("order_of_another", 1)),
        more=(HELD_BY_ANOTHER,),
    ),
    Task("one who claims to be staff", wants(Wish("impostor", 1)), more=(HELD_BY_ANOTHER,)),
    Task("one who fishes for facts", wants(Wish("fish", 1)), more=(HELD_BY_ANOTHER,)),
)
TASKS: Mapping[str, Task] = {
    task.name: task
    for task in (*SUBSCRIPTIONS, *WALLETS, *AFTERWARDS, *QUESTIONS, *SEVERAL, *LIARS)
}
