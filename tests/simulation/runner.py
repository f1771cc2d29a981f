"""Plays the conversations against one real desk, several at once, and judges each as it ends.

Knows how one is set up, talked through and looked up. Leaves starting the desk to ``run`` or to
the tests' fixture, what is said to ``customer`` and what is right to ``judge``.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from actions.bootstrap import Desk
from actions.domain.assurance import Proof
from actions.domain.customer import Customer as Proved
from tests.bot.gateway.talk import Talk
from tests.simulation import judge
from tests.simulation.customer import Customer
from tests.simulation.evidence import Line, Run, lines_of, records_of
from tests.simulation.mailbox import Mailbox
from tests.simulation.people import cast
from tests.simulation.personas import PERSONAS, Persona
from tests.simulation.speaker import Move
from tests.simulation.speech import ANSWERED_IN, LANGUAGES
from tests.simulation.tasks import Task
from tests.whole_desk import desk_at

ANSWER_SECONDS = 90.0
OTHER = {"zh": "en", "en": "zh"}


@dataclass(frozen=True)
class Booking:
    """One conversation to be played."""

    task: Task
    persona: Persona
    language: str
    seed: str


def bookings(tasks: Sequence[Task], runs: int, seed: int) -> list[Booking]:
    """``runs`` conversations of each task; over them every persona and language takes its turn.

    All tasks once, then all of them again: whoever stops early has seen each of them.
    """
    draw = random.Random(seed)
    personas, languages = list(PERSONAS.values()), list(LANGUAGES)
    draw.shuffle(personas)
    draw.shuffle(languages)
    found = []
    for turn in range(runs):
        for at, task in enumerate(tasks):
            persona = personas[(at + turn * 5) % len(personas)]
            language = languages[(at // len(personas) + at + turn) % len(languages)]
            found.append(Booking(task, persona, language, f"{seed}:{task.name}:{turn}"))
    return found


class Stage:
    """One desk, and all that the conversations with it share."""

    def __init__(self, home: Path, web: aiohttp.ClientSession, desk: Desk, imports: Path) -> None:
        self.home, self.web, self.desk, self.imports = home, web, desk, imports
        self.mailbox = Mailbox(desk.settings.demo_mail)
        self._mark = int(time.time()) % 10**8 * 10_000
        self._importing = asyncio.Lock()

    def next_mark(self) -> str:
        """A number that no other run on this desk has."""
        self._mark += 1
        return str(self._mark)

    async def play(self, booking: Booking) -> Run:
        """One conversation from its accounts to its verdict."""
        draw = random.Random(booking.seed)
        mark = self.next_mark()
        run = Run(booking.task, booking.persona, booking.language, cast(booking.task, mark, draw))
        await self._import(run, mark)
        run.before = await self._prepare(run)
        talk = await Talk.begin(self.web, run.task.brand, _opened_in(run))
        run.conversation = talk.conversation
        try:
            await self._talk(run, talk, draw)
        except (TimeoutError, aiohttp.ClientError):
            run.gave_up = "the desk did not answer"
        run.records = records_of(self.home, run.cast, run.conversation)
        run.problems = judge.judge(run, self.desk.brands)
        return run

    async def _import(self, run: Run, mark: str) -> None:
        file = self.imports / f"{mark}.json"
        file.write_text(json.dumps(run.cast.record()), "utf-8")
        async with self._importing:
            await self.desk.importer.load(file)
        file.unlink()

    async def _prepare(self, run: Run) -> tuple[str, ...]:
        """Do what was done for the first order before the conversation; the case's number."""
        if not run.task.before:
            return ()
        order = run.cast.orders[0]
        proofs = frozenset({Proof.CODE, Proof.PAYMENT})
        account = str(order.record["account"])
        who = Proved(run.task.brand, account, "before", proofs, frozenset({order.number}))
        case = await self.desk.refunds.request(who, order.number, run.task.reason)
        if run.task.before == "confirmed":
            await self.desk.refunds.confirm(who, case.number)
        return (case.number,)

    async def _talk(self, run: Run, talk: Talk, draw: random.Random) -> None:
        customer = Customer(run, draw, self.mailbox)
        meant: dict[int, str] = {}
        run.lines = lines_of(self.home, talk.conversation, meant)
        heard: list[Line] = list(run.lines)
        while move := await customer.answer(heard):
            seq = await _do(talk, move)
            meant[seq] = move.meant
            async with asyncio.timeout(ANSWER_SECONDS):
                while (await talk.page(after=seq, wait=10))["pending"]:
                    pass
            run.lines = lines_of(self.home, talk.conversation, meant)
            heard = [line for line in run.lines if line.seq > seq]


async def _do(talk: Talk, move: Move) -> int:
    what = {"text": move.text} if move.text is not None else {"button": move.button}
    status, answer = await talk.post("messages", {"id": str(uuid.uuid4()), **what})
    assert status == 202, answer
    return int(answer["seq"])


def _opened_in(run: Run) -> str:
    language = ANSWERED_IN[run.language]
    return OTHER[language] if run.persona.foreign_browser else language


async def play_all(
    home: Path,
    url: str,
    booked: Iterable[Booking],
    *,
    at_once: int,
    done: Callable[[Run], None],
) -> None:
    """Play them, ``at_once`` at a time; ``done`` has each as soon as it is judged."""
    waiting = iter(booked)
    desk = await desk_at(home)
    imports = home / "simulation"
    imports.mkdir(exist_ok=True)
    try:
        async with aiohttp.ClientSession(base_url=url) as web:
            stage = Stage(home, web, desk, imports)

            async def worker() -> None:
                for booking in waiting:
                    done(await stage.play(booking))

            async with asyncio.TaskGroup() as group:
                for _ in range(at_once):
                    group.create_task(worker())
    finally:
        await desk.close()
