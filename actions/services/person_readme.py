"""What the person who gets an export reads first: what each file is, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from actions.services.person import Person

FILES: Mapping[str, tuple[str, str]] = {
    "accounts": ("您的账户", "your account"),
    "orders": ("您的订单和付款方式", "your orders and how they were paid"),
    "refunds": ("在本客服台之外退过的款", "refunds made outside this desk"),
    "cases": (
        "退款申请：裁定、依据的事实和条款",
        "refund requests: each decision with its facts and clauses",
    ),
    "receipts": ("每次裁定的说明，中英文", "each decision explained, in both languages"),
    "payouts": ("退回的款项", "money paid back"),
    "renewals": ("取消自动续订的申请", "requests to end auto-renewal"),
    "appeals": ("申诉和您写的理由", "appeals, with what you wrote"),
    "files": ("您提交的文件（原件在 files/ 下）", "files you gave (themselves under files/)"),
    "tickets": ("交由人工处理的事项", "what people had to see to"),
    "ticket_notes": ("客服人员为这些事项写的备注", "notes that staff wrote about that"),
    "conversations": ("您的会话和评价", "your chats and how you rated them"),
    "messages": ("会话中的全部消息", "every message of those chats"),
    "understanding": (
        "对话系统（Rasa）对会话的记录",
        "what the dialogue system (Rasa) keeps of those chats",
    ),
    "codes": ("为您的账户发送过的验证码（不含验证码本身）", "codes sent for your account"),
    "verifications": ("哪些会话验证过您的身份", "chats that have proved to be yours"),
    "link_codes": ("换渠道继续对话用的衔接码（不含码本身）", "codes to continue a chat elsewhere"),
    "contact_changes": ("换绑邮箱的申请", "changes of your e-mail address"),
    "notices": ("发给您的通知", "notices sent to you"),
    "audit": ("操作记录，不含工作人员姓名", "what was done and when, without names of staff"),
}

_ZH = """您的个人数据

品牌：{brand}
账户：{account}
导出时间：{at}

{files}

时间均为世界协调时（UTC）。客服人员的姓名、他人的数据不在其中。
只提到您的邮箱、但没有验证过身份的会话，无法确认是您本人的，因此不在其中。
有 {shared} 个会话先后为几个账户验证过身份，因为其中也有他人的数据，没有列入；如有需要请联系我们。
"""

_EN = """Your personal data

Brand: {brand}
Account: {account}
Exported: {at}

{files}

Times are in UTC. Names of staff and other people's data are not in here.
Chats that only mention your e-mail address, and were never verified, can't be told to be yours
and are not in here.
Chats that were verified for several accounts: {shared}. They hold other people's data too and are
not in here; ask us if you need them.
"""


def readme(person: Person, counts: Mapping[str, int], shared: int, at: datetime) -> dict[str, str]:
    """The two files, by name."""
    told = {
        "brand": person.brand,
        "account": person.account_id,
        "at": at.isoformat(timespec="seconds"),
        "shared": shared,
    }
    zh = "\n".join(f"{name}.json　{FILES[name][0]}：{n} 条" for name, n in counts.items())
    en = "\n".join(f"{name}.json  {FILES[name][1]}: {n}" for name, n in counts.items())
    return {
        "README.zh.txt": _ZH.format(files=zh, **told),
        "README.en.txt": _EN.format(files=en, **told),
    }
