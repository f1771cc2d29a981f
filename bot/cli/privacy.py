"""One person's data from the command line: given out, or erased; and what is past its time.

Knows how a person is named, asked about and confirmed, and where an archive is written. Leaves
what is theirs, and what erasing means, to the services.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from actions.bootstrap import Desk, build_desk
from actions.domain.errors import (
    ErasureRefused,
    Hindrance,
    PersonNotFound,
    SeveralAccounts,
    StoreBusy,
)
from actions.domain.events import Actor, Role
from actions.services.privacy import Finished, Preview
from actions.settings import Settings, ensure_secrets
from bot.cli.say import Trouble, say, warn

REFUSED = 3
BY = Actor(Role.OPERATOR, "privacy")

HINDRANCES = {
    "case_confirmed": ("案件 {0} 已确认、等待付款", "case {0} is confirmed and waits to be paid"),
    "case_paying": ("案件 {0} 正在付款", "case {0} is being paid"),
    "case_failed": ("案件 {0} 付款失败，尚未处理", "the payout of case {0} has failed"),
    "case_appealed": ("案件 {0} 的申诉尚未裁定", "an appeal of case {0} is not decided yet"),
    "order_disputed": ("订单 {0} 正在争议中", "the payment of order {0} is disputed"),
    "renewal_requested": (
        "取消自动续订的申请 {0} 尚未处理",
        "the wish {0} to end an auto-renewal has not been seen to",
    ),
    "ticket_open": ("工单 {0} 尚未关闭", "ticket {0} is open"),
    "chat_going_on": ("会话 {0} 正在进行", "chat {0} is being answered at this moment"),
}
STEPS = {
    "mail": ("演示邮箱", "the demo mailbox"),
    "trackers": ("Rasa 的会话记录", "Rasa's tracker store"),
    "files": ("文件", "files"),
    "rewrite": ("数据库文件的重写", "rewriting the database files"),
}
SWEPT = {
    "chats": ("会话", "chats"),
    "cases": ("案件", "cases"),
    "tickets": ("工单", "tickets"),
    "renewals": ("取消续订的说明", "reasons of renewals"),
    "codes": ("验证码记录", "codes"),
    "locks": ("锁定记录", "locks"),
    "proofs": ("身份验证记录", "verifications"),
    "links": ("衔接码", "link codes"),
    "addresses": ("换绑邮箱记录", "changes of address"),
    "promises": ("已完成的任务", "work done"),
}


async def export_person(
    settings: Settings, brand: str, account: str | None, email: str | None, output: Path | None
) -> None:
    """Write everything about one person to a ZIP, readable by its owner only. It appears whole
    or not at all.
    """
    async with _desk(settings, brand) as desk:
        found = await _preview(desk, brand, account, email)
        path = output or Path(f"{brand}-{_as_file_name(found.person.account_id)}.zip")
        with _archive(path) as archive:
            done = await desk.person_export.write(found.person, archive)
    say(f"已导出到 {path}，共 {sum(done.counts.values())} 条记录", f"exported to {path}")
    for id in done.damaged:
        warn(f"文件 {id} 已损坏或缺失，没有导出", f"file {id} is damaged or missing: left out")
    if done.shared:
        warn(
            f"有 {done.shared} 个会话也属于其他账户，没有导出",
            f"chats that are other accounts' too, left out: {done.shared}",
        )


async def erase_person(
    settings: Settings,
    brand: str,
    account: str | None,
    email: str | None,
    *,
    confirmed: bool,
    ask: Callable[[str], str] = input,
) -> int:
    """Erase one person, after asking; the exit code. ``ask`` reads what the operator types."""
    async with _desk(settings, brand) as desk:
        found = await _preview(desk, brand, account, email)
        if found.person.erased_at is not None and not found.unfinished:
            say("此人的数据早已抹去", "this person was erased before; nothing is left to do")
            return 0
        if found.person.erased_at is None:
            if found.hindrances:
                return _refused(found.hindrances)
            _show(found)
            if not confirmed and not _agreed(found.person.account_id, ask):
                warn("没有抹去任何东西", "nothing was erased")
                return 1
        try:
            return _told(await desk.privacy.erase(found.person, by=BY), settings)
        except ErasureRefused as refused:  # something has begun meanwhile
            return _refused(refused.hindrances)


async def lift_erasure(settings: Settings, brand: str, account: str) -> None:
    """Let an import bring an erased account back."""
    async with _desk(settings, brand) as desk:
        with _found():
            lifted = await desk.privacy.lift(brand, account, by=BY)
    if lifted:
        say(
            f"账户 {account} 可以重新导入了；已抹去的内容不会恢复",
            f"account {account} may be imported again; what was erased stays erased",
        )
    else:
        say(f"账户 {account} 没有被抹去过", f"account {account} is not erased")


async def sweep(settings: Settings, *, dry_run: bool) -> None:
    """Erase what is past its time, all of it; or only count it."""
    async with _desk(settings, None) as desk:
        if dry_run:
            swept = await desk.retention.count()
        else:
            try:
                await desk.privacy.finish_all()
                swept = await desk.retention.sweep(most_batches=sys.maxsize)
            except StoreBusy:
                raise Trouble("文件正被占用，请稍后再试", "a file is in use: try later") from None
    zh, en = ("超过保存期限的有", "past its time") if dry_run else ("已清除", "swept")
    counts = asdict(swept)
    zh_counts = "、".join(f"{SWEPT[name][0]} {n}" for name, n in counts.items())
    en_counts = ", ".join(f"{SWEPT[name][1]} {n}" for name, n in counts.items())
    say(f"{zh}：{zh_counts}", f"{en}: {en_counts}")


@asynccontextmanager
async def _desk(settings: Settings, brand: str | None) -> AsyncIterator[Desk]:
    desk = await build_desk(ensure_secrets(settings))
    try:
        if brand is not None and brand not in desk.brands:
            known = "、".join(desk.brands)
            raise Trouble(f"未知品牌：{brand}（有 {known}）", f"not a brand: {brand}")
        yield desk
    finally:
        await desk.close()


async def _preview(desk: Desk, brand: str, account: str | None, email: str | None) -> Preview:
    if (account is None) == (email is None):
        raise Trouble(
            "请用 --account 或 --email 指明是谁（只用一个）",
            "name the person by --account or by --email, one of them",
        )
    with _found():
        return await desk.privacy.preview(brand, account=account, email=email)


@contextmanager
def _found() -> Iterator[None]:
    """Say plainly that nobody, or more than one, was found."""
    try:
        yield
    except PersonNotFound:
        raise Trouble(
            "这个品牌没有这样的账户。没有账户的人只会留下会话，到期自动清除",
            "no such account of this brand. Whoever has no account leaves chats only, "
            "which go when their time is over",
        ) from None
    except SeveralAccounts as several:
        ids = "、".join(several.ids)
        raise Trouble(
            f"这个邮箱有几个账户，请用 --account 指明：{ids}",
            f"several accounts have this e-mail; name one by --account: {', '.join(several.ids)}",
        ) from None


def _refused(hindrances: Sequence[Hindrance]) -> int:
    warn("还有事情没有了结，不能抹去：", "not erased: something is still under way")
    for hindrance in hindrances:
        zh, en = HINDRANCES[hindrance.code]
        warn(f"  {zh.format(hindrance.subject)}", en.format(hindrance.subject))
    return REFUSED


def _show(found: Preview) -> None:
    theirs = found.theirs
    say(
        f"将抹去账户 {found.person.account_id}（{found.person.brand}）的个人数据：",
        f"about to erase what is personal of account {found.person.account_id}:",
    )
    for count, zh, en in (
        (len(theirs.chats), "会话及其全部消息", "chats with all their messages"),
        (len(theirs.files), "文件", "files"),
        (len(theirs.tickets), "工单中的文字与电话", "tickets' words and telephone numbers"),
        (len(theirs.cases), "案件中的姓名、邮箱与文字", "cases' names, e-mails and words"),
        (len(theirs.orders), "订单的付款方式明细", "orders' means of payment"),
    ):
        say(f"  {count} · {zh}", en)
    say(
        "  金额、日期、条款和编号保留，账目不变；无法恢复",
        "amounts, dates, clauses and numbers stay, so that the books add up; it can't be undone",
    )


def _agreed(account: str, ask: Callable[[str], str]) -> bool:
    question = f"请输入账户编号 {account} 以确认 · type the account's id to go on: "
    try:
        return ask(question).strip() == account
    except EOFError:
        return False


def _told(finished: Finished, settings: Settings) -> int:
    if finished.left:
        zh = "、".join(STEPS[step][0] for step in finished.left)
        en = ", ".join(STEPS[step][1] for step in finished.left)
        warn(
            f"数据库中已抹去；还在等待：{zh}（文件正被占用）。后台会继续，也可以再运行一次",
            f"erased from the database; still waiting, as files are in use: {en}. "
            "The worker goes on with it, or run this again",
        )
        return 1
    say("已抹去", "erased")
    if finished.too_large:
        warn(
            "数据库文件较大，没有重写：请在停机时对 desk.db 和 rasa-trackers.db 运行 VACUUM",
            "a database file is too large to be rewritten while the desk runs: "
            "run VACUUM on desk.db and rasa-trackers.db while it stands still",
        )
    if not settings.sqlite:
        say(
            "PostgreSQL 里已删除的行要等 VACUUM 之后才真正消失；备份也请按您的规定处理",
            "on PostgreSQL deleted rows are really gone after VACUUM; see to your backups too",
        )
    return 0


def _as_file_name(account: str) -> str:
    """The account's id without anything that could lead to another folder."""
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in account)


@contextmanager
def _archive(path: Path) -> Iterator[ZipFile]:
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        with ZipFile(draft, "w", ZIP_DEFLATED) as archive:
            yield archive
        draft.replace(path)
    except OSError as error:
        raise Trouble(f"写不了 {path}", f"cannot write {path}") from error
    finally:
        draft.unlink(missing_ok=True)
