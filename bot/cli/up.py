"""Starts the whole desk, says what happens to it, and stops it cleanly.

Knows the order of things: checks, secrets, database, samples, processes, addresses. Leaves
keeping the processes alive to supervisord, whose own log tells what became of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import re
import signal
import sys
import time
from pathlib import Path

import aiohttp

from actions.services.staff import Admitted
from actions.settings import ROOT, Settings, ensure_secrets
from actions.storage.migrate import upgrade
from actions.testing.samples import sample_orders
from bot.cli.checks import check_home, check_machine
from bot.cli.leftovers import sole_desk, stop, stop_leftovers
from bot.cli.model import train
from bot.cli.programs import STOP_SECONDS, process_environment, write_files
from bot.cli.samples import load_samples
from bot.cli.say import Trouble, say, tail
from bot.cli.supervisors import first_of_a_demo

POLL_SECONDS = 0.2
REMINDER_SECONDS = 45.0
FIRST_START_ATTEMPTS = 3
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
PROCESSES = ("rasa", "actions", "web", "worker")

EXITED = re.compile(r"exited: (\w+) \((.+?); (?:not )?expected\)")
SPAWNED = re.compile(r"spawned: '(\w+)' with pid (\d+)")
STEADY = re.compile(r"success: (\w+) entered RUNNING")


def up(settings: Settings) -> None:
    """Run the desk until Ctrl-C or SIGTERM.

    Raises:
        Trouble: something a person can put right keeps it from starting.
        SettingsError: a setting does.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings.check_demo_is_safe()
    check_home(settings.home)
    with sole_desk(settings.home):
        stop_leftovers(settings.home)
        check_machine(settings)
        settings = ensure_secrets(settings)
        model = _model(settings)
        newcomer = asyncio.run(_prepare_data(settings))
        configuration = write_files(settings, model)
        asyncio.run(Supervision(settings, configuration, newcomer).run())


def _model(settings: Settings) -> Path:
    if settings.model is None:
        return train(settings, ROOT)
    if not settings.model.exists():
        raise Trouble(
            f"DESK_MODEL 指的模型不存在：{settings.model}",
            f"there is no model where DESK_MODEL says: {settings.model}",
        )
    return settings.model


async def _prepare_data(settings: Settings) -> Admitted | None:
    await upgrade(settings.database_url)
    if settings.demo and await load_samples(settings):
        say("已载入示例客户", "sample customers loaded")
    return await first_of_a_demo(settings) if settings.demo else None


class Supervision:
    """One run of supervisord: its process, what it reports, and who is ready."""

    def __init__(
        self, settings: Settings, configuration: Path, newcomer: Admitted | None = None
    ) -> None:
        self._settings = settings
        self._configuration = configuration
        self._newcomer = newcomer
        self._began = time.monotonic()
        self._spawned: dict[str, float] = {}
        self._deaths = dict.fromkeys(PROCESSES, 0)
        self._steady = {name: asyncio.Event() for name in PROCESSES}
        self._ready = {name: asyncio.Event() for name in PROCESSES}
        self._probes: dict[str, asyncio.Task[None]] = {}
        self._all_ready = False
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Return when the desk has been told to stop and has stopped.

        Raises:
            Trouble: a process never started, or supervisord itself died.
        """
        self._heed_signals()
        say("启动中……", "starting…")
        process, words = await self._start()
        watching = asyncio.ensure_future(self._watch(process, words))
        welcoming = asyncio.ensure_future(self._welcome())
        told = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({watching, told}, return_when=asyncio.FIRST_COMPLETED)
            if not told.done():
                await watching
        finally:
            for task in (welcoming, told, *self._probes.values()):
                task.cancel()
            await self._stop(process)
            watching.cancel()

    def _heed_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._told_to_stop)

    def _told_to_stop(self) -> None:
        if self._stopping.is_set():  # asked twice: no more patience
            stop(self._settings.home, patience=0.0)
        self._stopping.set()

    async def _start(self) -> tuple[asyncio.subprocess.Process, asyncio.StreamReader]:
        words = asyncio.StreamReader()
        ours, its = os.pipe()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "supervisor.supervisord", "-c", str(self._configuration)),
            cwd=ROOT,
            env=os.environ | process_environment(self._settings),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=its,
            stderr=asyncio.subprocess.STDOUT,
            # It holds the reading end too: if we are killed, its last words break no pipe and
            # it lives to stop the others.
            pass_fds=(ours,),
            start_new_session=True,  # Ctrl-C reaches us only, and we stop them in order
            preexec_fn=_die_with_parent,
        )
        os.close(its)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(words), os.fdopen(ours, "rb")
        )
        return process, words

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is None:
            say("正在停止……", "stopping…")
            process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), STOP_SECONDS + 2)
        stop(self._settings.home, patience=0.0)
        say("已停止", "stopped")

    async def _watch(
        self, process: asyncio.subprocess.Process, words: asyncio.StreamReader
    ) -> None:
        """Follow supervisord's own words until it ends."""
        async for raw in words:
            line = raw.decode(errors="replace")
            if found := SPAWNED.search(line):
                self._on_spawned(found[1])
            elif found := STEADY.search(line):
                self._steady[found[1]].set()
            elif (found := EXITED.search(line)) and not self._stopping.is_set():
                self._on_exited(found[1], found[2])
        await process.wait()
        if not self._stopping.is_set():
            log = self._settings.logs / "supervisord.log"
            raise Trouble(
                f"看护进程意外退出({process.returncode}),日志 {log}:\n{tail(log)}",
                f"the supervisor ended by itself ({process.returncode}); its log is {log}",
            )

    def _on_spawned(self, name: str) -> None:
        self._spawned[name] = time.monotonic()
        self._steady[name].clear()
        self._ready[name].clear()
        if probe := self._probes.get(name):
            probe.cancel()
        self._probes[name] = asyncio.ensure_future(self._probe(name))

    def _on_exited(self, name: str, how: str) -> None:
        self._deaths[name] += 1
        if not self._all_ready and self._deaths[name] >= FIRST_START_ATTEMPTS:
            log = self._settings.logs / f"{name}.log"
            raise Trouble(
                f"{name} 启动不了({how}),日志 {log}:\n{tail(log)}",
                f"{name} does not start ({how}); the end of its log is above",
            )
        say(f"{name} 意外退出({how}),正在重启", f"{name} died ({how}), restarting")

    async def _probe(self, name: str) -> None:
        """Say when ``name`` answers."""
        await self._until_ready(name)
        self._ready[name].set()
        seconds = time.monotonic() - self._spawned[name]
        if self._deaths[name]:
            say(f"{name} 已重启并就绪({seconds:.1f} 秒)", f"{name} is back ({seconds:.1f} s)")
        else:
            say(f"{name} 就绪({seconds:.1f} 秒)", f"{name} is ready ({seconds:.1f} s)")

    async def _until_ready(self, name: str) -> None:
        bearer = {"Authorization": f"Bearer {self._settings.internal_secret}"}
        addresses = {
            "rasa": f"{self._settings.rasa_url}/webhooks/desk/ready",
            "actions": f"{self._settings.actions_url}/health",
            "web": f"{self._settings.local_url}/healthz",
        }
        if name in addresses:
            await _until_answered(addresses[name], bearer)
        else:
            await self._steady[name].wait()

    async def _welcome(self) -> None:
        """Once everything answers, say where."""
        waiting = asyncio.ensure_future(self._until_all_ready())
        while not (await asyncio.wait({waiting}, timeout=REMINDER_SECONDS))[0]:
            late = ", ".join(n for n in PROCESSES if not self._ready[n].is_set()) or "readyz"
            say(f"还在等待：{late}", f"still waiting for: {late} (logs: {self._settings.logs})")
        self._all_ready = True
        said = welcome(self._settings, time.monotonic() - self._began, self._newcomer)
        print(said, flush=True)

    async def _until_all_ready(self) -> None:
        for name in PROCESSES:
            await self._ready[name].wait()
        await _until_answered(f"{self._settings.local_url}/readyz", {})


def welcome(settings: Settings, seconds: float, newcomer: Admitted | None = None) -> str:
    """What is said once the desk answers: addresses, and in demo mode what to try."""
    lines = [
        "",
        f"退款客服台已就绪({seconds:.0f} 秒)· the refund desk is ready ({seconds:.0f} s)",
        f"  聊天 · chat      {settings.public_url}/",
        f"  员工 · staff     {settings.public_url}/console",
    ]
    if newcomer is not None:
        lines += [
            f"    {newcomer.staff.name} / {newcomer.temporary_password}",
            "    只显示这一次，首次登录要换；演示模式可暂不设二次验证 · shown once, replaced at "
            "first sign-in; a demo may put off the second factor",
        ]
    if settings.demo:
        lines += [
            f"  邮箱 · mailbox   {settings.public_url}/demo/mailbox",
            "",
            "  *** 演示模式：验证码等所有邮件人人可见，不会真的付款 ***",
            "  *** DEMO MODE: every mail, codes included, is public; nothing is really paid ***",
            "",
            "  可以试试 · to try (brand, e-mail, order)",
            *(
                f"    {sample.brand:<9} {sample.email:<26} {sample.order_number}"
                for sample in sample_orders()
            ),
        ]
    return "\n".join([*lines, "", "  按 Ctrl-C 停止 · Ctrl-C stops it", ""])


async def _until_answered(url: str, headers: dict[str, str]) -> None:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as client:
        while True:
            if await _answers(client, url, headers):
                return
            await asyncio.sleep(POLL_SECONDS)


async def _answers(client: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> bool:
    try:
        async with client.get(url, headers=headers) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


def _die_with_parent() -> None:
    """Have the kernel stop the supervisor if we are killed without a chance to do it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
