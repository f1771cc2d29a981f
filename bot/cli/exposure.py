"""What would let a stranger in, or a neighbour on this machine read along: one question each.

Knows secrets, file modes, and what may not stand open. Leaves the rest of the check-up to
``doctor``. No finding ever holds a secret, or a part of one: only where it is.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from actions.settings import ROOT, Settings, is_loopback
from bot.cli.finding import Finding

LEAST_SECRET_CHARACTERS = 32
LEAST_DIFFERENT_CHARACTERS = 10
EXAMPLES = re.compile(
    r"not-a-secret|change.?me|example|password|passwd|secret.?(key|here|value)|your.?(secret|key)|"
    r"insert|replace|dummy|default|placeholder|test.?(key|secret)",
    re.IGNORECASE,
)
DEFAULT_PASSWORDS = frozenset(
    ("", "postgres", "password", "admin", "root", "desk", "secret", "123456", "changeme", "test")
)
SHIPPED = ROOT / "credentials.yml"
FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def weakness(secret: str) -> tuple[str, str] | None:
    """Why a secret is no good, in Chinese and English; None if nothing is wrong with it."""
    if is_example(secret):
        return (
            "是示例值，请换成随机的：openssl rand -base64 32",
            "is an example's; make a random one: openssl rand -base64 32",
        )
    too_short = len(secret) < LEAST_SECRET_CHARACTERS
    if too_short or len(set(secret)) < LEAST_DIFFERENT_CHARACTERS:
        return (
            "太弱，请换成随机的：openssl rand -base64 32",
            "too weak; make a random one: openssl rand -base64 32",
        )
    return None


def is_example(secret: str) -> bool:
    """Whether it looks like a placeholder, or is the one that came with the code."""
    shipped = (
        re.search(r"secret:\s*(\S+)", SHIPPED.read_text("utf-8")) if SHIPPED.exists() else None
    )
    return bool(EXAMPLES.search(secret)) or (shipped is not None and shipped[1] == secret)


def exposures(settings: Settings) -> Iterator[Finding]:
    """All questions of this module."""
    yield from _secret_files(settings)
    yield _reuse(settings)
    yield _modes(settings)
    yield _plain_http(settings)
    yield _demo(settings)
    yield _mail(settings)
    yield _database_password(settings)
    yield _metrics(settings)


def _secret_files(settings: Settings) -> Iterator[Finding]:
    """Those that no setting names, whatever they are for: each has to be a good one."""
    for path in _files(settings.home / "secrets"):
        if path.name not in ("internal", "code"):  # the doctor has looked at these
            weak = weakness(_content(path))
            subject = f"secret {path.name}"
            yield Finding(subject, not weak, *(weak or ("足够强", "strong enough")))


def _reuse(settings: Settings) -> Finding:
    """One leak must not open two doors."""
    named = {
        "DESK_INTERNAL_SECRET": settings.internal_secret,
        "DESK_CODE_SECRET": settings.code_secret,
        "DESK_METRICS_SECRET": settings.metrics_secret,
        "DESK_SMTP_PASSWORD": settings.smtp_password or "",
        "DESK_DATABASE_URL": str(make_url(settings.database_url).password or ""),
    }
    for path in _files(settings.home / "secrets"):
        if path.name not in ("internal", "code", "metrics"):
            named[f"secrets/{path.name}"] = _content(path)
    holders: dict[str, list[str]] = defaultdict(list)
    for name, secret in named.items():
        if secret:
            holders[hashlib.sha256(secret.encode()).hexdigest()].append(name)
    shared = [" = ".join(names) for names in holders.values() if len(names) > 1]
    if not shared:
        return Finding("secrets", True, "互不相同", "all different")
    which = "; ".join(shared)
    return Finding("secrets", False, f"不能相同：{which}", f"must differ: {which}")


def _modes(settings: Settings) -> Finding:
    """What only the desk's own user may read."""
    home = settings.home
    watched = [home / "secrets", settings.run, settings.uploads, *_files(home / "secrets")]
    watched += [*settings.run.glob("*.yml"), *settings.run.glob("*.conf"), *home.glob("*.db*")]
    open_ = [path for path in watched if path.exists() and _others_may(path, home)]
    if not open_:
        return Finding("modes", True, "其他用户读不到", "nothing can be read by other users")
    shown = ", ".join(str(path.relative_to(home)) for path in open_[:5])
    return Finding(
        "modes",
        False,
        f"其他用户可以读：{shown}。请运行 chmod -R go-rwx {home}",
        f"other users can read {shown}: run chmod -R go-rwx {home}",
    )


def _others_may(path: Path, home: Path) -> bool:
    """Whether others have any right to it; a closed folder above it closes all within."""
    return all(one.stat().st_mode & FOR_OTHERS for one in (path, *_between(path, home)))


def _between(path: Path, home: Path) -> list[Path]:
    return [folder for folder in path.parents if folder == home or home in folder.parents]


def _plain_http(settings: Settings) -> Finding:
    parts = urlsplit(settings.public_url)
    if parts.scheme == "https" or is_loopback(parts.hostname or ""):
        return Finding("tls", True, settings.public_url, "https, or this machine only")
    if settings.demo:
        return Finding("tls", True, "演示模式未加密", "a demo without encryption")
    return Finding(
        "tls",
        False,
        f"正式模式不能用明文的 {settings.public_url}。请配好 HTTPS，并把 DESK_PUBLIC_URL 设为 https://",
        f"{settings.public_url} is not encrypted: serve https and set DESK_PUBLIC_URL to it",
    )


def _demo(settings: Settings) -> Finding:
    parts = urlsplit(settings.public_url)
    beyond = not (is_loopback(settings.host) and is_loopback(parts.hostname or ""))
    if settings.demo and beyond:
        return Finding(
            "demo",
            False,
            "演示模式对外开放，所有验证码人人可见。请设 DESK_MODE=live",
            "a demo open to others shows every code to anyone: set DESK_MODE=live",
        )
    return Finding("demo", True, "没有对外开放的演示", "no demo is open to others")


def _mail(settings: Settings) -> Finding:
    plain = settings.smtp_security == "none"
    if settings.demo or not plain or is_loopback(settings.smtp_host):
        return Finding("mail", True, "加密，或只在本机", "encrypted, or on this machine")
    return Finding(
        "mail",
        False,
        "发信未加密，验证码会被看到。请设 DESK_SMTP_SECURITY=starttls 或 tls",
        "mail goes out unencrypted, codes and all: set DESK_SMTP_SECURITY to starttls or tls",
    )


def _database_password(settings: Settings) -> Finding:
    url = make_url(settings.database_url)
    if settings.sqlite:
        return Finding("database password", True, "内置数据库，不需要", "built in, none needed")
    password = str(url.password or "")
    # Without one, trust on a socket or from this machine is the server's business.
    local_trust = not password and is_loopback(url.host or "localhost")
    easy = password.lower() in DEFAULT_PASSWORDS or password == url.username or is_example(password)
    if easy and not local_trust:
        return Finding(
            "database password",
            False,
            "是默认或示例密码，请更换",
            "is a default or an example's: change it",
        )
    return Finding("database password", True, "不是默认密码", "is no default")


def _metrics(settings: Settings) -> Finding:
    secret = settings.metrics_secret
    if not secret:
        zh, en = ("演示模式下公开", "public in a demo") if settings.demo else ("已关闭", "closed")
        return Finding("metrics", True, zh, en)
    return Finding("metrics", not weakness(secret), *(weakness(secret) or ("需凭证", "guarded")))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def _content(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""
