"""The command line ``desk``: what operators type.

Knows the commands, their arguments and exit codes. Leaves the work to the modules beside it,
each imported only when its command runs, so that ``desk --help`` is quick and a process loads
only what it serves.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from actions.domain.staff import StaffRole
from actions.settings import ROOT, Settings, SettingsError, ensure_secrets
from bot.cli.formats import Format, Kind
from bot.cli.say import Trouble, fail, say

BAD_SETTINGS = 2
OWNER_ONLY = 0o077

main = typer.Typer(
    name="desk",
    help="退款客服台 · the refund desk",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
one = typer.Typer(help="单独运行一个进程 · run one process by itself", no_args_is_help=True)
main.add_typer(one, name="serve")
policy = typer.Typer(help="品牌的退款条款 · a brand's refund policy", no_args_is_help=True)
main.add_typer(policy, name="policy")
supervisor = typer.Typer(help="员工账户 · the people who work here", no_args_is_help=True)
main.add_typer(supervisor, name="supervisor")

privacy = typer.Typer(help="一个人的数据 · one person's data", no_args_is_help=True)
main.add_typer(privacy, name="privacy")

Brand = Annotated[str, typer.Option("--brand", help="品牌 · of this brand")]
AccountId = Annotated[str | None, typer.Option("--account", help="账户编号 · the account's id")]
Email = Annotated[str | None, typer.Option("--email", help="或账户邮箱 · or its e-mail")]


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what a person can put right into two plain lines and an exit code.

    Whatever a command writes is for this user alone: databases, mail, logs, exports.
    """
    os.umask(OWNER_ONLY)
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
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    brand: Annotated[
        str | None, typer.Option(help="文件里没写品牌时用它 · for a file that names no brand")
    ] = None,
) -> None:
    """导入账户、订单和以前的退款；文件有误则什么也不写入 · import accounts, orders and past
    refunds from JSON, JSON Lines or CSV, all or nothing.
    """
    with told_plainly():
        from bot.cli.transfer import import_file

        raise typer.Exit(asyncio.run(import_file(Settings.from_env(), file, brand)))


@main.command()
def export(
    kind: Annotated[Kind, typer.Argument(help="导出什么 · what")],
    form: Annotated[Format, typer.Option("--format", help="格式 · how")] = Format.JSONL,
    output: Annotated[Path | None, typer.Option(help="文件 · a file")] = None,
    brand: Annotated[str | None, typer.Option(help="只要这个品牌 · of this brand only")] = None,
    since: Annotated[
        str | None, typer.Option(help="从这天或这时起 · from this day or time on")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(help="到这天为止（含），或到这时之前 · through this day, or before a time"),
    ] = None,
) -> None:
    """导出案件、会话或消息 · export cases, conversations or messages."""
    with told_plainly():
        from bot.cli.transfer import Wanted, export_rows

        wanted = Wanted(kind, brand, since, until)
        asyncio.run(export_rows(Settings.from_env(), wanted, form, output))


@main.command()
def decide(
    facts: Annotated[
        Path, typer.Option(metavar="FILE|-", help="事实：一个 JSON 对象，或每行一个 · one or JSONL")
    ],
    brand: Annotated[str | None, typer.Option(help="只认这个品牌 · no other brand")] = None,
    draft: Annotated[
        Path | None, typer.Option("--with", metavar="FILE", help="改用这份草稿 · under a draft")
    ] = None,
) -> None:
    """按条款裁定，不用数据库 · decide by the policy; no database is needed.

    一个对象得到一个裁定；每行一个对象则逐行作答。事实有误时退出码为 2，并指出每处错误的路径。

    One object gives one decision; JSON Lines give an answer a line, in their order. Bad facts
    give exit code 2, {"faults": [{"path", "message"}]}, and in JSON Lines "line" besides.
    """
    with told_plainly():
        from bot.cli.decide import decide_file

        raise typer.Exit(decide_file(facts, brand, draft))


@main.command()
def nlu(
    model: Annotated[
        Path | None, typer.Option(metavar="FILE", help="用这个模型 · by this model")
    ] = None,
) -> None:
    """逐行读入文本，输出机器人的理解 · texts on standard input, one a line: how each is understood.

    每行一个 JSON 对象，顺序不变，空行也有一行。

    A line of JSON for each, in their order: {"text", "intent", "confidence", "ranking":
    [{"intent", "confidence"}], "language": "zh-Hans|zh-Hant|en|mixed|none", "entities":
    [{"entity", "value", "text", "start", "end"}]}. A blank line has no intent (null).
    """
    with told_plainly():
        from bot.cli.understand import understand

        raise typer.Exit(understand(Settings.from_env(), model))


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


@policy.command(name="check")
def policy_check(
    where: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE|FOLDER]", help="默认为自带品牌 · or those shipped"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """检查品牌文件 · are brand files valid, worded in both languages, without dead rules?

    有问题则退出码为 1，文件无效则为 2。

    Exit code 1 if something is to be put right, 2 if a file is not valid. As JSON: {"files":
    [{"file", "brand", "policy_version", "faults": [{"line", "path", "message"}],
    "findings": [{"code", "subject", "zh", "en"}]}], "findings": [of all files together]}.
    """
    with told_plainly():
        from bot.cli.policy import check_files

        raise typer.Exit(check_files(where, as_json=as_json))


@policy.command(name="replay")
def policy_replay(
    draft: Annotated[Path, typer.Option("--with", metavar="FILE", help="草稿 · the draft")],
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="从哪天起开的案件 · cases opened since")
    ] = None,
    brand: Annotated[str | None, typer.Option(help="只认这个品牌 · no other brand")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON · as JSON")] = False,
) -> None:
    """用草稿重新裁定过去的案件；什么也不写 · what would a draft change? Nothing is written.

    与系统当时的裁定相比；由人裁定的案件，与现行条款对同样事实的裁定相比。日期和不带时区的时间
    按品牌所在时区。

    Compared is what the policy said then; where a person decided, what the policy in force says
    of the same facts ("reviewed"). As JSON: {"brand", "policy_version",
    "since", "cases": [{"case", "opened_at", "was", "now" (decisions or null), "changed",
    "reviewed", "faults"}], "totals": {"cases", "changed", "unreadable", "reviewed",
    "outcomes": [{"was", "now", "cases"}], "money": [{"currency", "paid", "proposed"}]}};
    only cases that change, or can't be compared, are listed.
    """
    with told_plainly():
        from bot.cli.replay import replay

        settings = Settings.from_env()
        done = replay(settings, draft, since=since, brand=brand, as_json=as_json)
        raise typer.Exit(asyncio.run(done))


@privacy.command(name="export")
def privacy_export(
    brand: Brand,
    account: AccountId = None,
    email: Email = None,
    output: Annotated[
        Path | None, typer.Option(dir_okay=False, metavar="FILE.zip", help="写到哪里 · where to")
    ] = None,
) -> None:
    """导出一个人的全部数据，附中英文说明 · all of one person's data as a ZIP, with a guide."""
    with told_plainly():
        from bot.cli.privacy import export_person

        asyncio.run(export_person(Settings.from_env(), brand, account, email, output))


@privacy.command(name="erase")
def privacy_erase(
    brand: Brand,
    account: AccountId = None,
    email: Email = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 · don't ask")] = False,
) -> None:
    """抹去一个人的数据；账目保留 · erase one person's data; the books stay.

    退款、申诉或工单没有了结时不会抹去，退出码为 3。中途被打断，再运行一次即可。

    Refused, with exit code 3, while a refund, an appeal or a ticket is under way. If it was
    interrupted, run it again.
    """
    with told_plainly():
        from bot.cli.privacy import erase_person

        done = erase_person(Settings.from_env(), brand, account, email, confirmed=yes)
        raise typer.Exit(asyncio.run(done))


@privacy.command(name="lift")
def privacy_lift(
    brand: Brand, account: Annotated[str, typer.Option("--account", help="账户编号 · its id")]
) -> None:
    """允许重新导入已抹去的账户 · let an import bring an erased account back."""
    with told_plainly():
        from bot.cli.privacy import lift_erasure

        asyncio.run(lift_erasure(Settings.from_env(), brand, account))


@privacy.command(name="sweep")
def privacy_sweep(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只数一数 · only count")] = False,
) -> None:
    """清除超过保存期限的数据；平时后台自动做 · erase what is past its time, as the worker does"""
    with told_plainly():
        from bot.cli.privacy import sweep

        asyncio.run(sweep(Settings.from_env(), dry_run=dry_run))


@supervisor.command(name="add")
def supervisor_add(
    name: Annotated[str, typer.Argument(help="姓名，用来登录 · the name to sign in with")],
    role: Annotated[list[StaffRole], typer.Option(help="角色，可多次 · a role; repeatable")],
    email: Annotated[str, typer.Option(help="邮箱 · e-mail address")],
    brand: Annotated[
        list[str] | None, typer.Option(help="只看这个品牌，可多次 · this brand only; repeatable")
    ] = None,
) -> None:
    """添加员工，打印一次临时密码 · add somebody; prints a temporary password once."""
    with told_plainly():
        from actions.services.staff import NewStaff
        from bot.cli.supervisors import add

        brands = frozenset(brand) if brand else None
        asyncio.run(add(Settings.from_env(), NewStaff(name, email, frozenset(role), brands)))


@supervisor.command(name="list")
def supervisor_list() -> None:
    """列出员工 · everybody: name, e-mail, roles, brands, state."""
    with told_plainly():
        from bot.cli.supervisors import show_all

        asyncio.run(show_all(Settings.from_env()))


@supervisor.command(name="disable")
def supervisor_disable(name: str) -> None:
    """停用员工并结束其登录 · let somebody in no more."""
    with told_plainly():
        from bot.cli.supervisors import disable

        asyncio.run(disable(Settings.from_env(), name))


@supervisor.command(name="reset")
def supervisor_reset(name: str) -> None:
    """重置登录：新的临时密码，清除二次验证 · a new temporary password, no second factor."""
    with told_plainly():
        from bot.cli.supervisors import reset

        asyncio.run(reset(Settings.from_env(), name))


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
