"""What the console says that stands in no single template: names of things, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping

from actions.domain.staff import Permission
from bot.gateway.words import Words

ROOMS: Mapping[str, tuple[Permission, Words]] = {
    "/console/conversations": (
        Permission.READ_CONVERSATIONS,
        {"zh": "对话", "en": "Conversations"},
    ),
    "/console/access-log": (
        Permission.READ_ACCESS_LOG,
        {"zh": "查阅记录", "en": "Access log"},
    ),
    "/console/staff": (Permission.MANAGE_STAFF, {"zh": "员工", "en": "Staff"}),
    "/console/account": (Permission.OWN_ACCOUNT, {"zh": "我的账户", "en": "My account"}),
}
"""The rooms that the navigation leads to, and who finds them there."""

PROBLEMS: Mapping[str, Words] = {
    "wrong": {
        "zh": "姓名或密码不对，请检查后再试。",
        "en": "That name and password don't match. Please check both and try again.",
    },
    "wrong_password": {
        "zh": "当前密码不对。",
        "en": "That is not your present password.",
    },
    "wrong_code": {
        "zh": "验证码不对，或已经用过。请等应用显示下一个再试。",
        "en": "That code is wrong or has been used. Wait for the next one and try again.",
    },
    "wait_seconds": {
        "zh": "尝试次数太多，请等 {seconds} 秒再试。",
        "en": "Too many tries. Please wait {seconds} seconds.",
    },
    "wait_minutes": {
        "zh": "尝试次数太多，请等 {minutes} 分钟再试。",
        "en": "Too many tries. Please wait {minutes} minutes.",
    },
    "differ": {
        "zh": "两次输入的新密码不一样。",
        "en": "The two new passwords are not the same.",
    },
    "too_short": {
        "zh": "新密码至少要 12 个字符。",
        "en": "The new password needs at least 12 characters.",
    },
    "too_long": {
        "zh": "新密码最多 200 个字符。",
        "en": "The new password can have 200 characters at most.",
    },
    "too_simple": {
        "zh": "新密码重复太多，换一个不容易猜到的。",
        "en": "The new password repeats itself too much. Choose one that is hard to guess.",
    },
    "common": {
        "zh": "这个密码太常见，几秒就会被猜到，请换一个。",
        "en": "This password is so common that it would be guessed in seconds. Choose another.",
    },
    "own_name": {
        "zh": "新密码里不能有您的姓名或邮箱。",
        "en": "The new password must not contain your name or e-mail address.",
    },
    "same": {
        "zh": "新密码要和现在的不一样。",
        "en": "The new password must differ from the present one.",
    },
    "reason_missing": {
        "zh": "请写明为什么要查看，最多 500 个字符。",
        "en": "Please say why you need to see it, in 500 characters at most.",
    },
    "staff_exists": {
        "zh": "这个姓名或邮箱已经有人用了（停用的员工也算）。",
        "en": "Somebody has, or had, this name or e-mail address.",
    },
    "last_admin": {
        "zh": "至少要留下一位管理员。",
        "en": "At least one admin has to remain.",
    },
    "yourself": {
        "zh": "不能更改自己的权限或停用自己，请另一位管理员来做。",
        "en": "You can't change your own access or disable yourself; ask another admin.",
    },
}

ROLES: Mapping[str, Words] = {
    "agent": {"zh": "客服", "en": "agent"},
    "supervisor": {"zh": "主管", "en": "supervisor"},
    "policy_owner": {"zh": "政策负责人", "en": "policy owner"},
    "auditor": {"zh": "审计", "en": "auditor"},
    "admin": {"zh": "管理员", "en": "admin"},
}
STATUSES: Mapping[str, Words] = {
    "bot": {"zh": "机器人", "en": "bot"},
    "waiting": {"zh": "等待人工", "en": "waiting"},
    "agent": {"zh": "人工", "en": "with a person"},
    "ended": {"zh": "已结束", "en": "ended"},
}
AUTHORS: Mapping[str, Words] = {
    "customer": {"zh": "客户", "en": "Customer"},
    "bot": {"zh": "机器人", "en": "Bot"},
    "agent": {"zh": "人工客服", "en": "Agent"},
    "system": {"zh": "系统", "en": "System"},
}
OUTCOMES: Mapping[str, Words] = {
    "approved": {"zh": "同意退款", "en": "approved"},
    "partial": {"zh": "部分退款", "en": "partial"},
    "denied": {"zh": "拒绝", "en": "denied"},
    "needs_review": {"zh": "待审核", "en": "in review"},
}
LANGUAGES: Mapping[str, Words] = {
    "zh": {"zh": "中文", "en": "Chinese"},
    "en": {"zh": "英文", "en": "English"},
}
CHANNELS: Mapping[str, Words] = {"web": {"zh": "网页", "en": "web"}}
FIELDS: Mapping[str, Words] = {
    "email": {"zh": "邮箱", "en": "e-mail"},
    "name": {"zh": "姓名", "en": "name"},
    "phone": {"zh": "电话", "en": "phone"},
}
