"""The command line ``desk``: what operators type.

Knows the commands, their arguments and exit codes. Leaves the work to the modules beside it,
each imported only when its command runs, so that ``desk --help`` is quick and a process loads
only what it serves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from actions.settings import ROOT, Settings, SettingsError, ensure_secrets
from bot.cli.formats import Format, Kind
from bot.cli.say import Trouble, fail, say

BAD_SETTINGS = 2

main = typer.Typer(
    name="desk",
    help="退款客服台 · the refund desk",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
one = typer.Typer(help="单独运行一个进程 · run one process by itself", no_args_is_help=True)
main.add_typer(one, name="serve")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what a person can put right into two plain lines and an exit code."""
    try:
        yield
    except SettingsError as error:
        fail(Trouble(f"{error.variable} {error.zh}", f"{error.variable} {error.en}"), BAD_SETTINGS)
    except Trouble as trouble:
        fail(trouble)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@main.command()
def up() -> None:
    """启动整个客服台，按 Ctrl-C 停止 · start the whole desk; Ctrl-C stops it."""
    with told_plainly():
        from bot.cli.up import up as start

        start(Settings.from_env())


@main.command()
def train(force: Annotated[bool, typer.Option(help="重新训练 · train anew")] = False) -> None:
    """训练模型；数据没变就不重训 · train the model, unless the data is unchanged."""
    with told_plainly():
        from bot.cli.model import train as train_model

        train_model(Settings.from_env(), ROOT, force=force)


@main.command()
def migrate() -> None:
    """升级数据库 · bring the database up to date."""
    with told_plainly():
        from actions.storage.migrate import upgrade
        from bot.cli.checks import check_home

        settings = Settings.from_env()
        check_home(settings.home)
        asyncio.run(upgrade(settings.database_url))
        say("数据库已是最新", "the database is up to date")


@main.command(name="import")
def import_(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """导入账户和订单；文件有误则什么也不写入 · import accounts and orders, all or nothing."""
    with told_plainly():
        from bot.cli.transfer import import_file

        raise typer.Exit(asyncio.run(import_file(Settings.from_env(), file)))


@main.command()
def export(
    kind: Annotated[Kind, typer.Argument(help="导出什么 · what")],
    form: Annotated[Format, typer.Option("--format", help="格式 · how")] = Format.JSONL,
    output: Annotated[Path | None, typer.Option(help="文件 · a file")] = None,
) -> None:
    """导出案件、会话或消息 · export cases, conversations or messages."""
    with told_plainly():
        from bot.cli.transfer import export_rows

        asyncio.run(export_rows(Settings.from_env(), kind, form, output))


@main.command()
def doctor() -> None:
    """体检；有问题则退出码为 1 · look the desk over; exit code 1 if something is wrong."""
    with told_plainly():
        from bot.cli.doctor import examine

        findings = []
        for finding in examine(Settings.from_env()):
            print(finding, flush=True)
            findings.append(finding)
        raise typer.Exit(0 if all(finding.good for finding in findings) else 1)


@one.command(name="web")
def serve_web() -> None:
    """公开的网页与聊天接口 · the public pages and chat API."""
    _serve("web")


@one.command(name="actions")
def serve_actions() -> None:
    """供 Rasa 调用的动作服务 · the action server that Rasa calls."""
    _serve("actions")


@one.command(name="worker")
def serve_worker() -> None:
    """付款、通知与定时任务 · payouts, notices and timers."""
    _serve("worker")


def _serve(process: str) -> None:
    with told_plainly():
        from bot.cli.serve import SERVERS, configure_logs

        settings = ensure_secrets(Settings.from_env())
        configure_logs(settings, process)
        SERVERS[process](settings)
