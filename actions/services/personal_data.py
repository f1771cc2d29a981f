"""Where personal data lies, column by column: what may be exported, and what erasing leaves.

The one list that exporting and erasing go by. A new column belongs in here, or a test fails:
under ``personal`` with what stands there once it is erased, under ``pseudonymous`` if it is a
number or key that leads to a person only with other records, else under ``plain``. Leaves
reading and writing to the services.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

ERASED_WORDS = "（已抹去 · erased）"
"""What stands where somebody's words stood and there has to be something."""


class After(Enum):
    """What erasing does to a column where it is more than writing a fixed value."""

    ROW_GOES = "the whole row is deleted"
    REWRITTEN = "what is personal in it is taken out"


@dataclass(frozen=True, slots=True)
class Place:
    """One table. ``exported`` names its file in an export, None if it has none.

    ``withheld`` are columns that an export leaves out though the row is in it: staff's names,
    secrets, and how the desk works inside.
    """

    personal: Mapping[str, Any]
    pseudonymous: frozenset[str]
    plain: frozenset[str]
    withheld: frozenset[str]
    exported: str | None
    kept: str
    """Why it is there at all."""

    @property
    def columns(self) -> list[str]:
        """Every column that is classified; one that is in here twice is a mistake."""
        return [*self.personal, *self.pseudonymous, *self.plain]

    @property
    def blank(self) -> dict[str, Any]:
        """The columns that erasing sets, with what it sets them to."""
        return {
            name: after for name, after in self.personal.items() if not isinstance(after, After)
        }

    @property
    def rows_go(self) -> bool:
        """Whether erasing deletes the whole row."""
        return After.ROW_GOES in self.personal.values()


def _place(
    kept: str,
    personal: Mapping[str, Any] | str = "",
    pseudonymous: str = "",
    plain: str = "",
    withheld: str = "",
    exported: str | None = None,
) -> Place:
    if isinstance(personal, str):
        personal = dict.fromkeys(personal.split(), After.ROW_GOES)
    pseudonyms, others, hidden = (
        frozenset(names.split()) for names in (pseudonymous, plain, withheld)
    )
    return Place(personal, pseudonyms, others, hidden, exported, kept)


_REWRITTEN = After.REWRITTEN

PLACES: Mapping[str, Place] = {
    "accounts": _place(
        "whose orders these are, and where notices go",
        {
            "email": _REWRITTEN,
            "email_key": _REWRITTEN,
            "email_replaced": None,
            "name": _REWRITTEN,
            "language": None,
        },
        "brand id",
        "status imported_at erased_at",
        withheld="email_key email_replaced erased_at",
        exported="accounts",
    ),
    "orders": _place(
        "what refunds are decided on",
        {
            "payment_hint": None,
            "payment_reference": None,
            "payment_instrument": None,
            "last_used_at": None,
        },
        "brand order_number order_key account_id subscription",
        "item kind amount currency paid_at status term_start term_end auto_renew"
        " auto_renew_cancelled_at renewal_ended_here_at payment_method payment_gateway"
        " payment_captured imported_at",
        withheld="order_key",
        exported="orders",
    ),
    "past_refunds": _place(
        "so that no order is refunded beyond what was paid",
        {"reference": _REWRITTEN, "key": _REWRITTEN},
        "id brand order_number",
        "amount currency at",
        withheld="id key",
        exported="refunds",
    ),
    "cases": _place(
        "the books: what was asked, decided and paid",
        {
            "reason": _REWRITTEN,
            "decision": _REWRITTEN,
            "facts": _REWRITTEN,
            "payment_hint": None,
        },
        "id number brand order_number account_id conversation",
        "state is_open outcome policy_version decided_by approved_by reviewed_by appeals version"
        " payment_method opened_at updated_at erased_at",
        withheld="id approved_by reviewed_by version is_open erased_at",
        exported="cases",
    ),
    "payouts": _place(
        "the books: money on its way back",
        {"reference": None, "failure": None},
        "case_number brand order_number idempotency_key",
        "gateway amount currency state tries created_at updated_at",
        withheld="idempotency_key",
        exported="payouts",
    ),
    "renewal_cancellations": _place(
        "from when an auto-renewal counts as ended",
        {"refusal": None},
        "number brand order_number account_id conversation",
        "state asked_at updated_at next_charge_on next_amount next_currency",
        exported="renewals",
    ),
    "appeals": _place(
        "what a second decision answered",
        {"words": ERASED_WORDS},
        "case_number nth evidence",
        "fact made_at",
        exported="appeals",
    ),
    "evidence": _place(
        "what a decision rests on",
        "id brand account_id conversation case_number sha256 kind size label given_at seq",
        withheld="seq",
        exported="files",
    ),
    "audit": _place(
        "who did what to a case, an account, a ticket; each row chained to the last",
        {"data": _REWRITTEN, "salt": _REWRITTEN},
        "subject actor",
        "seq at what digest previous hash",
        withheld="actor salt digest previous hash",
        exported="audit",
    ),
    "tickets": _place(
        "what a person had to do, and how soon it was done",
        {"reason": ERASED_WORDS, "data": _REWRITTEN},
        "number brand conversation case_number key",
        "category queue priority state language owner opened_at reopened_at updated_at"
        " first_response_due_at first_responded_at first_response_escalated_at due_at"
        " escalated_at paused_at paused_seconds closed_at outcome erased_at",
        withheld="key owner erased_at",
        exported="tickets",
    ),
    "ticket_notes": _place(
        "what the next person has to know",
        {"text": ERASED_WORDS},
        "id ticket",
        "author at",
        withheld="id author",
        exported="ticket_notes",
    ),
    "conversations": _place(
        "the chat, and afterwards how many there were and how they were rated",
        {"account": None, "rating_comment": None, "token_hash": _REWRITTEN},
        "id brand",
        "channel language language_locked script script_locked status last_seq started_at"
        " updated_at ended_at rating claimed_by claimed_until erased_at",
        withheld="token_hash claimed_by claimed_until erased_at",
        exported="conversations",
    ),
    "messages": _place(
        "the transcript",
        "conversation seq author client_id text language payload buttons attachments reply_to"
        " response understood intent confidence at asked_at answered_at",
        withheld="client_id payload buttons",
        exported="messages",
    ),
    "challenges": _place(
        "to check a one-time code, and to count how many were asked for",
        "seq id conversation brand email_key order_number account_id sends created_at sent_at"
        " expires_at used_at",
        withheld="seq id",
        exported="codes",
    ),
    "locks": _place(
        "so that codes can't be guessed; the key is a hash, and goes within two days",
        pseudonymous="key",
        plain="failures failed_at locked_until",
    ),
    "verifications": _place(
        "whom a chat speaks for, while it does",
        "conversation brand account_id proofs paid_orders continues at last_used_at",
        exported="verifications",
    ),
    "link_codes": _place(
        "to continue a chat elsewhere, for ten minutes",
        "conversation hash brand account_id proofs paid_orders expires_at",
        withheld="hash",
        exported="link_codes",
    ),
    "spent_identities": _place(
        "so that no signed identity is used twice; a hash that leads to nobody",
        plain="hash expires_at",
    ),
    "contact_changes": _place(
        "to undo a change of address that was not the customer's",
        "id brand account_id conversation old_email new_email asked_at expires_at done_at"
        " undone_at",
        withheld="id",
        exported="contact_changes",
    ),
    "outbox": _place(
        "work that was promised; it holds numbers, never names or addresses",
        "id kind key payload created_at available_at attempts claimed_by claimed_until done_at"
        " parked_at last_error",
        withheld="id payload claimed_by claimed_until attempts last_error",
        exported="notices",
    ),
    "erasures": _place(
        "so that an erasure that was interrupted is brought to an end",
        {"left": _REWRITTEN},
        "id brand account_id",
        "begun_at finished_at",
    ),
    "policy_versions": _place(
        "to say old clauses in their own words",
        plain="brand version text clauses first_used_at",
    ),
    "heartbeats": _place("to see that the processes live", plain="name at"),
    # Staff are no customers: none of this is exported or erased with one.
    "staff": _place(
        "who may sign in, and as what",
        plain="id name name_key email email_key roles brands state password_hash password_set_at"
        " must_change_password totp_generation totp_enrolled_at totp_last_step created_at"
        " changed_at signed_in_at",
    ),
    "staff_sessions": _place(
        "who is signed in",
        plain="id token_hash staff device proved_at created_at last_used_at expires_at",
    ),
    "staff_recovery_codes": _place(
        "to sign in without the second factor, once", plain="staff code_hash used_at"
    ),
    "sign_in_waits": _place(
        "so that passwords can't be guessed", plain="key failures failed_at waits_until"
    ),
}

# fmt: off
_MAY_STAY = frozenset({
     "step", "was", "state", "decision", "category", "case", "order", "priority", "level",
     "nth", "fact", "amount", "status", "changed", "accounts", "orders", "refunds", "deadline",
     "due_at", "queue", "outcome", "evidence", "kind", "conversation", "erasure", "rows",
     "owner",
})
# fmt: on
"""What of a trail's row names nobody: steps, states, amounts, dates, numbers of records. The
books are checked against these. Whatever else a row says goes: notes, reasons, hashes of files,
the payment provider's references.
"""

_NOT_FOR_EXPORT = frozenset({"owner", "decided_by", "rows"})
"""What of a trail's row, or a ticket's data, is about staff or only about the chain."""


def rest_of_trail(data: Mapping[str, Any]) -> dict[str, Any]:
    """What may stay of a trail's row."""
    return {name: value for name, value in data.items() if name in _MAY_STAY}


def without_staff(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the customer may be given of a trail's row or a ticket's data."""
    return {name: value for name, value in data.items() if name not in _NOT_FOR_EXPORT}
