"""The judge: a refund that went well passes, and each rule fails where it is broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.policy.brand import Brand, load_brands
from tests.simulation import forged
from tests.simulation.evidence import Line, Run
from tests.simulation.judge import SPEECH, broken_money_rules, judge, spoken_in
from tests.simulation.money_rules import RULES
from tests.simulation.outcomes import CHECKS
from tests.simulation.speaker import ASKED, Speaker
from tests.simulation.tasks import TASKS
from tests.simulation.wishes import DECLINE, KINDS, Wish

Break = Callable[[Run], None]


@pytest.fixture(scope="module")
def brands() -> Mapping[str, Brand]:
    return load_brands()


def _tell_early(secret: Callable[[Run], str]) -> Break:
    def told(run: Run) -> None:
        run.lines[2] = replace(run.lines[2], text=f"It is about {secret(run)}, isn't it?")

    return told


def _without(*meant: str) -> Break:
    def gone(run: Run) -> None:
        run.lines = [line for line in run.lines if line.meant not in meant]

    return gone


def _unverified(run: Run) -> None:
    run.records = replace(run.records, verified={})


def _verified_too_late(run: Run) -> None:
    account = run.cast.accounts[0]["id"]
    run.records = replace(run.records, verified={account: forged.at(6)})


def _says(index: int, **changes: object) -> Break:
    def said(run: Run) -> None:
        run.lines[index] = replace(run.lines[index], **changes)  # type: ignore[arg-type]

    return said


def _yes_to_something_else(run: Run) -> None:
    run.lines.insert(5, forged.bot(5, "utter_policy_answer", "Would you like to know more?"))


def _offered_something_else(run: Run) -> None:
    run.lines[4] = replace(run.lines[4], text="Shall I refund CN¥1.00 to your card?")


def _pressed_another(run: Run) -> None:
    run.lines[5] = replace(run.lines[5], payload='/affirm{"case_number": "RF-OTHEROTHER"}')


def _paid_twice(run: Run) -> None:
    one = run.records.payouts[0]
    run.records = replace(run.records, payouts=(one, one))


def _says_more(text: str, response: str = "utter_what_next") -> Break:
    def said(run: Run) -> None:
        run.lines.append(forged.bot(8, response, text))

    return said


BROKEN: Mapping[str, tuple[str, Break]] = {
    "the amount before the proof": (
        "verified before told",
        _tell_early(lambda run: str(run.cast.orders[0].record["amount"])),
    ),
    "the card's last digits before the proof": (
        "verified before told",
        _tell_early(lambda run: run.cast.orders[0].hint),
    ),
    "the day before the proof": (
        "verified before told",
        _tell_early(lambda run: "17 September 2026"),
    ),
    "the name before the proof": (
        "verified before told",
        _tell_early(lambda run: str(run.cast.accounts[0]["name"])),
    ),
    "a case without any proof": ("verified before paid", _unverified),
    "a case before the proof": ("verified before paid", _verified_too_late),
    "a larger decision": (
        "decided by the policy",
        lambda run: forged.with_decision(run, amount="9999.00"),
    ),
    "another outcome": (
        "decided by the policy",
        lambda run: forged.with_decision(run, outcome="partial"),
    ),
    "no yes": ("confirmed before paid", _without("confirm")),
    "a yes that meant something else": ("confirmed before paid", _says(5, meant="digress")),
    "a yes to another question": ("confirmed before paid", _yes_to_something_else),
    "a yes to another amount": ("confirmed before paid", _offered_something_else),
    "the button of another refund": ("confirmed before paid", _pressed_another),
    "no approval": (
        "approved before paid",
        lambda run: forged.with_decision(run, approvals_needed=1),
    ),
    "more than was decided": (
        "paid once and no more",
        lambda run: forged.with_payout(run, amount=999_900),
    ),
    "the same twice": ("paid once and no more", _paid_twice),
    "to another card": (
        "back the way it came",
        lambda run: forged.with_case(run, hint="0000"),
    ),
    "by another way": (
        "back the way it came",
        lambda run: forged.with_case(run, method="paypal"),
    ),
    "a number that there isn't": (
        "nothing promised that is not so",
        _says_more("Your tracking number is RF-XXXXXXXXXX."),
    ),
    "an amount that there isn't": (
        "nothing promised that is not so",
        _says_more("You will have CN¥888.88 tomorrow."),
    ),
    "a confirmation of what is only decided": (
        "nothing promised that is not so",
        lambda run: forged.with_case(run, state="decided"),
    ),
    "a person whom nobody called": (
        "nothing promised that is not so",
        _says_more("A colleague will be with you.", "utter_person_coming"),
    ),
    "a withdrawal that wasn't": (
        "nothing promised that is not so",
        _says_more(f"{forged.NUMBER} is withdrawn.", "utter_refund_withdrawn"),
    ),
    "a state that it has not come to": (
        "nothing promised that is not so",
        _says_more(f"Refund {forged.NUMBER}: paid back.", "utter_refund_status"),
    ),
    "an address that was not changed": (
        "nothing promised that is not so",
        _says_more("It is new@example.com now.", "utter_contact_changed"),
    ),
    "an empty reply": ("an empty reply", _says(6, text=" ")),
    "an unfilled placeholder": ("an unfilled placeholder", _says_more("Dear {name}, hello")),
    "the name of a response": ("an unfilled placeholder", _says_more("utter_greet")),
    "the wrong language": ("the wrong language", _says_more("好的，请稍等")),
    "no reply": ("no reply", lambda run: setattr(run, "lines", run.lines[:-1])),
    "a failure": ("a failure", _says_more("Something went wrong.", "desk_problem")),
    "a customer who gave up": ("outcome", lambda run: setattr(run, "gave_up", "it took too long")),
    "a case that nobody asked for": (
        "outcome",
        lambda run: setattr(run, "task", replace(run.task, wishes=(Wish("chat"),))),
    ),
    "a refund that was declined": (
        "outcome",
        lambda run: setattr(
            run, "task", replace(run.task, wishes=(Wish("refund", ending=DECLINE),))
        ),
    ),
    "a confirmation that led to nothing": (
        "outcome",
        lambda run: forged.with_case(run, state="decided"),
    ),
    "a person called where none was wanted": (
        "outcome",
        lambda run: setattr(run, "records", replace(run.records, status="waiting")),
    ),
}


def test_a_refund_that_went_well_passes(brands: Mapping[str, Brand]) -> None:
    assert judge(forged.a_refund(brands), brands) == []


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_rule_fails(brands: Mapping[str, Brand], what: str) -> None:
    run = forged.a_refund(brands)
    rule, break_it = BROKEN[what]
    break_it(run)
    assert rule in {found for found, _ in judge(run, brands)}


def test_every_rule_has_a_case_that_breaks_it() -> None:
    assert {*RULES, *SPEECH, "outcome"} == {rule for rule, _ in BROKEN.values()}


def test_too_many_messages_from_a_frank_customer_fail(brands: Mapping[str, Brand]) -> None:
    run = forged.a_refund(brands)
    more: list[Line] = []
    for _ in range(5):
        more += [forged.customer(1, "digress", "hmm"), forged.bot(1, "utter_help", "Yes?")]
    run.lines = run.lines[:1] + more + run.lines[1:]
    assert ("too many turns") in {rule for rule, _ in judge(run, brands)}


def test_what_the_customer_said_may_be_said_back(brands: Mapping[str, Brand]) -> None:
    run = forged.a_refund(brands)
    hint = run.cast.orders[0].hint
    run.lines[1] = replace(run.lines[1], text=run.lines[1].text + f" card {hint}")
    run.lines[2] = replace(run.lines[2], text=f"The card ending in {hint}, I see.")
    assert judge(run, brands) == []


def test_a_state_may_be_told_as_it_was_at_the_time(brands: Mapping[str, Brand]) -> None:
    run = forged.a_refund(brands)
    for told in ("confirmed, about to be sent", "being paid back"):
        _says_more(f"Refund {forged.NUMBER}: {told}.", "utter_refund_status")(run)
    assert judge(run, brands) == []


def test_a_case_from_before_needs_no_yes_in_this_conversation(brands: Mapping[str, Brand]) -> None:
    run = forged.a_refund(brands)
    run.before = (forged.NUMBER,)
    _without("confirm")(run)
    run.records = replace(
        run.records, verified={run.cast.accounts[0]["id"]: forged.at(4) + timedelta(seconds=1)}
    )
    run.problems = judge(run, brands)
    assert broken_money_rules(run) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("好的，请稍等", "zh"),
        ("All right", "en"),
        ("say “转人工” whenever you like", "en"),
        ("已经发到 li@example.com", "zh"),
    ],
)
def test_the_language_of_a_reply_is_seen(text: str, language: str) -> None:
    assert spoken_in(text) == language


def test_every_wish_has_its_check_and_every_question_its_answer() -> None:
    assert set(KINDS) == set(CHECKS)
    assert {wish.kind for task in TASKS.values() for wish in task.wishes} == set(KINDS)
    assert all(hasattr(Speaker, f"give_{fact}") for fact in ASKED.values())
