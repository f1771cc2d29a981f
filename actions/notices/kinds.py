"""The kinds of notice there are, and the facts each one needs. Their words are ``templates``'."""

from enum import StrEnum


class NoticeKind(StrEnum):
    """What a mail is about."""

    SEND_CODE = "send_code"
    CONFIRM_EMAIL = "confirm_email"
    EMAIL_CHANGED = "email_changed"
    REFUND_APPROVED = "refund_approved"
    REFUND_IN_REVIEW = "refund_in_review"
    REFUND_DENIED = "refund_denied"
    REFUND_CONFIRMED = "refund_confirmed"
    REFUND_PAID = "refund_paid"
    REFUND_DELAYED = "refund_delayed"
    REFUND_WITHDRAWN = "refund_withdrawn"
    REFUND_NOT_RELEASED = "refund_not_released"
    APPEAL_RECEIVED = "appeal_received"
    APPEAL_APPROVED = "appeal_approved"
    APPEAL_DENIED = "appeal_denied"
    RENEWAL_REQUESTED = "renewal_requested"
    RENEWAL_CANCELLED = "renewal_cancelled"
    RENEWAL_REFUSED = "renewal_refused"


_OF_A_CASE = frozenset({"brand", "name", "number", "order_number", "link"})

FACTS: dict[NoticeKind, frozenset[str]] = {
    NoticeKind.SEND_CODE: frozenset({"brand", "code", "minutes"}),
    NoticeKind.CONFIRM_EMAIL: frozenset({"brand", "code", "minutes"}),
    NoticeKind.EMAIL_CHANGED: frozenset({"brand", "name", "changed_at", "link"}),
    NoticeKind.REFUND_APPROVED: _OF_A_CASE | {"amount", "destination", "explanation"},
    NoticeKind.REFUND_IN_REVIEW: _OF_A_CASE | {"explanation"},
    NoticeKind.REFUND_DENIED: _OF_A_CASE | {"explanation"},
    NoticeKind.REFUND_CONFIRMED: _OF_A_CASE | {"amount", "destination", "promise"},
    NoticeKind.REFUND_PAID: _OF_A_CASE | {"amount", "destination"},
    NoticeKind.REFUND_DELAYED: _OF_A_CASE | {"amount"},
    NoticeKind.REFUND_WITHDRAWN: _OF_A_CASE,
    NoticeKind.REFUND_NOT_RELEASED: _OF_A_CASE | {"explanation"},
    NoticeKind.APPEAL_RECEIVED: _OF_A_CASE | {"disputed"},
    NoticeKind.APPEAL_APPROVED: _OF_A_CASE | {"amount", "destination", "explanation"},
    NoticeKind.APPEAL_DENIED: _OF_A_CASE | {"explanation"},
    NoticeKind.RENEWAL_REQUESTED: _OF_A_CASE | {"asked_at"},
    NoticeKind.RENEWAL_CANCELLED: _OF_A_CASE | {"asked_at", "saved"},
    NoticeKind.RENEWAL_REFUSED: _OF_A_CASE | {"explanation"},
}
"""The facts a notice of each kind is told with: texts in the notice's own language.

``brand`` is the brand's name, ``number`` the tracking number, ``link`` the page with the brand's
chat, ``promise`` the days of the pay-out, ``minutes`` how long a code is good for, ``disputed``
the fact an appeal is about, ``changed_at`` when an address was changed, ``saved`` a sentence
about the charge that does not come.
"""
