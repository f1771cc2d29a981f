"""The end of an auto-renewal: what it saves, and who sees to it."""

from __future__ import annotations

from actions.domain.errors import NotRenewing, OrderNotFound
from actions.domain.order import Kind
from actions.notices import wording
from actions.skills.base import Answer, Goal, Turn, say
from actions.skills.identity import IDENTITY


class CancelSubscription(Goal):
    """Have an order's auto-renewal cancelled. It counts from now on, whenever it is carried out."""

    name = "cancel_subscription"
    begun_by = frozenset({"cancel_subscription"})

    async def needs(self, turn: Turn) -> list[str]:
        """The order and who it is; nothing where the brand sells nothing that renews."""
        if not _sells_renewals(turn):
            return []
        customer = await self.desk.verification.customer(turn.conversation)
        return [*IDENTITY] if customer is None else ["order_number"]

    async def fulfil(self, turn: Turn) -> Answer:
        """Ask the service, and say what will not be charged any more."""
        if not _sells_renewals(turn):
            return say("utter_nothing_renews_here")
        customer = await self.desk.verification.customer(turn.conversation)
        if customer is None:
            return say("utter_verification_expired", code=None, code_check=None)
        number, language = turn.slot("order_number"), turn.language
        try:
            answer = await self.desk.renewals.ask(customer, number)
        except OrderNotFound:
            return say("utter_order_not_found", order_number=None, code=None)
        except NotRenewing:
            return say("utter_not_renewing", {"order_number": number})
        facts = {"order_number": number, "saved": wording.saved_text(answer.next_charge, language)}
        if answer.cancellation is None:
            return say("utter_renewal_off_already", facts)
        return say("utter_renewal_cancelling", facts | {"number": answer.cancellation.number})


def _sells_renewals(turn: Turn) -> bool:
    return Kind.RENEWAL in turn.brand.terms.kinds
