"""The inbox: every stored message of a customer gets its answer, in order, one at a time.

Knows when to ask Rasa and what to do while it is silent. Leaves the transactions to ``turns`` and
the wire to ``rasa``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import structlog

from actions.domain.clock import Clock
from bot.gateway.delivery import Fanout
from bot.gateway.metrics import Metrics
from bot.gateway.rasa import Answer, Question, Rasa, RasaReply, TurnFailed
from bot.gateway.timings import Timings
from bot.gateway.turns import LeaseLost, Turn, Turns
from bot.gateway.words import FILE_RECEIVED

HAND_OVER_ACTION = "action_contact_human"
FILE_RESPONSE = "desk_file_received"

log = structlog.get_logger("gateway.inbox")


class Inbox:
    """Runs at most one task for each conversation that is owed an answer."""

    def __init__(
        self,
        turns: Turns,
        rasa: Rasa,
        fanout: Fanout,
        metrics: Metrics,
        timings: Timings,
        clock: Clock,
        hand_over: Callable[[Question], Awaitable[None]],
    ) -> None:
        self._hand_over = hand_over
        self._turns, self._rasa, self._fanout = turns, rasa, fanout
        self._metrics, self._timings, self._clock = metrics, timings, clock
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._asking: set[asyncio.Task[Answer | None]] = set()
        self._again: set[str] = set()
        self._renew_at = 0.0
        self._closed = False

    def wake(self, conversation: str) -> None:
        """See to it that this conversation is looked at; harmless at any time."""
        if self._closed:
            return
        if conversation in self._tasks:
            self._again.add(conversation)
            return
        task = asyncio.create_task(self._run(conversation))
        self._tasks[conversation] = task
        self._metrics.answering.inc()
        task.add_done_callback(lambda _: self._ended(conversation))

    def recover(self, conversations: Sequence[str]) -> None:
        """Look at those that nobody here is busy with already."""
        for conversation in conversations:
            if conversation not in self._tasks:
                self.wake(conversation)

    async def renew(self) -> None:
        """Keep the leases of all turns under way; called often, does it when it is time."""
        now = asyncio.get_running_loop().time()
        if self._tasks and now >= self._renew_at:
            self._renew_at = now + self._timings.lease / 3
            await self._turns.renew_all()

    async def close(self) -> None:
        """Stop answering and give every lease back; what is unanswered stays so.

        Only waiting for Rasa is cut short. A transaction ends by itself: SQLite would go on
        holding the lock of one that was cancelled.
        """
        self._closed = True
        for asking in self._asking:
            asking.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self._turns.release_all()

    def _ended(self, conversation: str) -> None:
        del self._tasks[conversation]
        self._metrics.answering.dec()
        if conversation in self._again:
            self._again.discard(conversation)
            self.wake(conversation)

    async def _run(self, conversation: str) -> None:
        try:
            turn = await self._turns.next(conversation)
            if turn is None:
                self._fanout.publish(conversation)
            while turn is not None and not self._closed:
                turn = await self._serve(turn)
        except LeaseLost:
            log.warning("lease_lost", conversation=conversation)
        except Exception as error:  # the outermost boundary of a task: the watch wakes it again
            log.error("inbox_failed", conversation=conversation, error=type(error).__name__)

    async def _serve(self, turn: Turn) -> Turn | None:
        """Answer one message; gives the next."""
        conversation = turn.question.conversation
        self._fanout.typing(conversation, on=True)
        try:
            answer = await self._with_a_person(turn, await self._ask(turn))
            answer = _with_receipt(turn.question, answer)
            stored, following = await self._turns.answer(turn, answer)
            self._fanout.publish(conversation)
        finally:
            self._fanout.typing(conversation, on=False)
        self._metrics.messages.labels("bot").inc(stored)
        took = (self._clock() - turn.at).total_seconds()
        self._metrics.turn_seconds.observe(max(0.0, took))
        log.info(
            "turn_answered",
            conversation=conversation,
            seq=turn.seq,
            intent=answer.intent if answer else None,
            replies=stored,
            failed_actions=list(answer.failed_actions) if answer else None,
            seconds=round(took, 3),
        )
        return following

    async def _with_a_person(self, turn: Turn, answer: Answer | None) -> Answer | None:
        """Call a person when that was asked for and the bot's own attempt has failed."""
        if answer is None or HAND_OVER_ACTION not in answer.failed_actions:
            return answer
        await self._hand_over(turn.question)
        return replace(answer, handed_over=True)

    async def _ask(self, turn: Turn) -> Answer | None:
        """Wait for Rasa, however long it takes; the customer is told when it takes long.

        A file without words is nothing to understand: Rasa would guess, and a form that waits
        for an answer would count it as a wrong one.
        """
        if turn.question.says_nothing:
            return Answer(())
        asking = asyncio.create_task(self._answer(turn.question))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)
        try:
            done, _ = await asyncio.wait({asking}, timeout=self._timings.patience)
            if not done:
                await self._tell_delay(turn)
            return await asking
        finally:
            asking.cancel()

    async def _answer(self, question: Question) -> Answer | None:
        try:
            answer = await self._rasa.answer(question)
        except TurnFailed:
            answer = None
        if answer is None or not any(reply.visible for reply in answer.replies):
            self._metrics.problems.inc()
            log.error(
                "turn_without_answer",
                conversation=question.conversation,
                failed_actions=list(answer.failed_actions) if answer else None,
            )
        return answer

    async def _tell_delay(self, turn: Turn) -> None:
        if await self._turns.delayed(turn):
            self._metrics.outages.inc()
            log.error("rasa_late", conversation=turn.question.conversation, seq=turn.seq)
            self._fanout.publish(turn.question.conversation)


def _with_receipt(question: Question, answer: Answer | None) -> Answer | None:
    """The answer, and before it that the files are here; a failed turn stays one."""
    if answer is None or not question.has_files:
        return answer
    if not question.says_nothing and not any(reply.visible for reply in answer.replies):
        return answer
    words = FILE_RECEIVED[answer.language or question.language]
    return replace(answer, replies=[RasaReply(words, response=FILE_RESPONSE), *answer.replies])
