"""All that can be set from outside: one frozen object, read from the environment once.

Knows every ``DESK_*`` variable, its default and what it may be. Leaves to others what the
values mean to them, and touches nothing but the secret files under ``DESK_HOME``; of the brands
it knows the names of their files.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[1]

DEFAULT_PORT = 8080
LAST_PORT = 65535
SMTP_SUBMISSION_PORT = 587
SECRET_BYTES = 32  # 43 random characters once written url-safe
SMTP_SECURITIES = ("none", "starttls", "tls")
REDIS_SCHEMES = ("redis", "rediss", "unix")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
BRANDS = ROOT / "actions" / "policy" / "brands"


class SettingsError(ValueError):
    """A setting is missing or wrong. ``variable`` names it; the message is in both languages."""

    def __init__(self, variable: str, zh: str, en: str) -> None:
        super().__init__(f"{variable}:{zh}\n{variable}: {en}")
        self.variable, self.zh, self.en = variable, zh, en


@dataclass(frozen=True)
class Settings:
    """What this desk was told. Paths are absolute; secrets never show in ``repr``.

    An empty internal or code secret means "not made yet": call ``ensure_secrets`` before
    serving anyone.
    """

    home: Path
    host: str
    port: int
    rasa_port: int
    actions_port: int
    mode: str
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    internal_secret: str = field(repr=False)
    code_secret: str = field(repr=False)
    metrics_secret: str = field(repr=False)
    """Opens ``/metrics``; empty: open in demo mode, closed in live mode."""
    identity_keys: Mapping[str, str] = field(repr=False)
    """By brand: what its site signs customers' identities with. Without one it can't."""
    public_url: str
    smtp_host: str
    smtp_port: int
    smtp_user: str | None
    smtp_password: str | None = field(repr=False)
    smtp_security: str
    mail_from: str
    rate_limits: bool
    trusted_proxies: tuple[Network, ...]
    demo_anywhere: bool
    model: Path | None
    rasa_python: Path
    log_level: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; nothing is written.

        Raises:
            SettingsError: a value can't be what it says it is.
        """
        env = _Environment(os.environ if environ is None else environ)
        home = env.path("DESK_HOME") or ROOT / "var"
        mode = env.choice("DESK_MODE", ("demo", "live"), "demo")
        demo = mode == "demo"
        host, port = env.text("DESK_HOST", "127.0.0.1"), env.port("DESK_PORT", DEFAULT_PORT)
        rate_limits = env.switch("DESK_RATE_LIMITS", default=True)
        if not rate_limits and not demo:
            raise SettingsError(
                "DESK_RATE_LIMITS",
                "只有演示模式才能关闭限流",
                "rate limits can be turned off in demo mode only",
            )
        settings = cls(
            home=home,
            host=host,
            port=port,
            rasa_port=env.port("DESK_RASA_PORT", port + 1),
            actions_port=env.port("DESK_ACTIONS_PORT", port + 2),
            mode=mode,
            database_url=env.text("DESK_DATABASE_URL", f"sqlite+aiosqlite:///{home / 'desk.db'}"),
            redis_url=env.redis("DESK_REDIS_URL"),
            internal_secret=env.secret("DESK_INTERNAL_SECRET", home / "secrets" / "internal"),
            code_secret=env.secret("DESK_CODE_SECRET", home / "secrets" / "code"),
            metrics_secret=env.secret("DESK_METRICS_SECRET", home / "secrets" / "metrics"),
            identity_keys=env.identity_keys(home / "secrets"),
            public_url=env.text("DESK_PUBLIC_URL", own_address(host, port)).rstrip("/"),
            smtp_host=env.text("DESK_SMTP_HOST", "127.0.0.1"),
            smtp_port=env.port("DESK_SMTP_PORT", port + 3 if demo else SMTP_SUBMISSION_PORT),
            smtp_user=env.maybe("DESK_SMTP_USER"),
            smtp_password=env.maybe("DESK_SMTP_PASSWORD"),
            smtp_security=env.choice(
                "DESK_SMTP_SECURITY", SMTP_SECURITIES, "none" if demo else "starttls"
            ),
            mail_from=env.text("DESK_MAIL_FROM", "refund-desk@localhost"),
            rate_limits=rate_limits,
            trusted_proxies=env.networks("DESK_TRUSTED_PROXIES"),
            demo_anywhere=env.switch("DESK_DEMO_ANYWHERE", default=False),
            model=env.path("DESK_MODEL"),
            rasa_python=env.path("DESK_RASA_PYTHON") or ROOT / ".venv-rasa" / "bin" / "python",
            log_level=env.choice("DESK_LOG_LEVEL", ("debug", "info", "warning", "error"), "info"),
        )
        settings.check_ports()
        return settings

    @property
    def demo(self) -> bool:
        """Demo mode: sample customers, a built-in mailbox, no real mail and no real money."""
        return self.mode == "demo"

    @property
    def sqlite(self) -> bool:
        """The embedded database is used, not a server."""
        return self.database_url.startswith("sqlite")

    @property
    def local_url(self) -> str:
        """Where this machine itself reaches the public port."""
        return own_address(self.host, self.port)

    @property
    def rasa_url(self) -> str:
        """Where Rasa listens; loopback, private."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        """Where the action server listens; loopback, private."""
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def logs(self) -> Path:
        """One rotated file for each process."""
        return self.home / "logs"

    @property
    def uploads(self) -> Path:
        """Where customers' files are kept."""
        return self.home / "uploads"

    @property
    def trackers(self) -> Path:
        """Where Rasa keeps what it remembers of conversations; a SQLite file."""
        return self.home / "rasa-trackers.db"

    @property
    def demo_mail(self) -> Path:
        """The demo's mailbox."""
        return self.home / "demo" / "mail"

    @property
    def run(self) -> Path:
        """What a running desk needs and the next start writes anew."""
        return self.home / "run"

    def listening(self) -> dict[str, int]:
        """The ports this desk opens itself, by the variable that moves each."""
        ports = {
            "DESK_PORT": self.port,
            "DESK_RASA_PORT": self.rasa_port,
            "DESK_ACTIONS_PORT": self.actions_port,
        }
        if self.demo:
            ports["DESK_SMTP_PORT"] = self.smtp_port
        return ports

    def check_ports(self) -> None:
        """Raise ``SettingsError`` if our own listeners can't all have their ports."""
        seen: dict[int, str] = {}
        for variable, port in self.listening().items():
            if port > LAST_PORT:
                raise SettingsError(
                    "DESK_PORT",
                    f"太大：{variable} 随之变成 {port},超过 {LAST_PORT}",
                    f"is too high: {variable} follows it to {port}, past {LAST_PORT}",
                )
            if port in seen:
                raise SettingsError(
                    variable,
                    f"端口 {port} 与 {seen[port]} 相同，请换一个",
                    f"port {port} is also {seen[port]}; choose another",
                )
            seen[port] = variable

    def check_demo_is_safe(self) -> None:
        """Demo mode shows every mail to anyone: refuse to open it to the world.

        Raises:
            SettingsError: demo mode on a public address or on a shared database.
        """
        if not self.demo or self.demo_anywhere:
            return
        if not is_loopback(self.host):
            raise SettingsError(
                "DESK_HOST",
                f"演示模式会公开所有验证码，不能监听 {self.host}。"
                "正式使用请设 DESK_MODE=live;确实要这样演示，请设 DESK_DEMO_ANYWHERE=yes",
                f"demo mode shows every code to anyone and won't listen on {self.host}. "
                "For real use set DESK_MODE=live; to demo there all the same, "
                "set DESK_DEMO_ANYWHERE=yes",
            )
        if not self.sqlite:
            raise SettingsError(
                "DESK_DATABASE_URL",
                "演示模式会写入示例客户，只用内置的 SQLite。"
                "正式使用请设 DESK_MODE=live;确实要这样演示，请设 DESK_DEMO_ANYWHERE=yes",
                "demo mode writes sample customers and uses the built-in SQLite only. "
                "For real use set DESK_MODE=live; to demo there all the same, "
                "set DESK_DEMO_ANYWHERE=yes",
            )


def is_loopback(host: str) -> bool:
    """Only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def ensure_secrets(settings: Settings) -> Settings:
    """Return ``settings`` with both secrets filled in, and in demo mode the brands' keys too.

    In demo mode a missing one is made and kept under ``home/secrets`` (readable by its owner
    only); the first of two processes wins and the other reads what it wrote. In live mode a
    brand without a key accepts no signed identity.

    Raises:
        SettingsError: a secret is missing in live mode.
    """
    return replace(
        settings,
        internal_secret=settings.internal_secret
        or _make_secret(settings, "DESK_INTERNAL_SECRET", "internal"),
        code_secret=settings.code_secret or _make_secret(settings, "DESK_CODE_SECRET", "code"),
        identity_keys=_demo_keys(settings) if settings.demo else settings.identity_keys,
    )


def brand_ids() -> list[str]:
    """The brands served here: each is the name of its file."""
    return sorted(path.stem for path in BRANDS.glob("*.yml"))


def identity_variable(brand: str) -> str:
    """The setting that holds the key of a brand's signed identities."""
    return f"DESK_IDENTITY_KEY_{brand.upper().replace('-', '_')}"


def _demo_keys(settings: Settings) -> dict[str, str]:
    return {
        brand: settings.identity_keys.get(brand)
        or _make_secret(settings, identity_variable(brand), f"identity-{brand}")
        for brand in brand_ids()
    }


def _make_secret(settings: Settings, variable: str, name: str) -> str:
    path = settings.home / "secrets" / name
    if not settings.demo:
        raise SettingsError(
            variable,
            f"正式模式必须设置此密钥(或写入 {path})。生成一个：openssl rand -base64 32",
            f"live mode needs this secret (or the file {path}). "
            "To make one: openssl rand -base64 32",
        )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(SECRET_BYTES), encoding="ascii")
    try:
        os.link(draft, path)  # whole or not at all, and never over another's
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()


def own_address(host: str, port: int) -> str:
    """The address a browser on this machine uses for a server bound to ``host``."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
    host = everywhere.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Environment:
    """Reads one variable at a time; blank means unset."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def maybe(self, name: str) -> str | None:
        return self._environ.get(name, "").strip() or None

    def text(self, name: str, default: str) -> str:
        return self.maybe(name) or default

    def path(self, name: str) -> Path | None:
        value = self.maybe(name)
        return Path(value).expanduser().absolute() if value else None

    def port(self, name: str, default: int) -> int:
        return self._parsed(name, default, _port, "必须是 1 到 65535 的端口号", "is not a port")

    def switch(self, name: str, *, default: bool) -> bool:
        return self._parsed(name, default, _switch, "只能是 on 或 off", "is neither on nor off")

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        def one_of(value: str) -> str:
            if value.lower() not in choices:
                raise ValueError(value)
            return value.lower()

        options = " | ".join(choices)
        return self._parsed(name, default, one_of, f"只能是 {options}", f"must be {options}")

    def redis(self, name: str) -> str | None:
        """An address of a Redis server; what is wrong with it is said without it: it may hold a
        password."""
        value = self.maybe(name)
        try:
            if value is None or urlsplit(value).scheme in REDIS_SCHEMES:
                return value
        except ValueError:
            pass
        example = "redis://127.0.0.1:6379/0"
        raise SettingsError(
            name, f"不是 Redis 地址，例如 {example}", f"is no address of a Redis, such as {example}"
        )

    def networks(self, name: str) -> tuple[Network, ...]:
        zh = "必须是以逗号分隔的网段，例如 10.0.0.0/8，且不能是全部地址"
        en = "must be networks with commas between, such as 10.0.0.0/8, and never all addresses"
        return self._parsed(name, (), _networks, zh, en)

    def secret(self, name: str, file: Path) -> str:
        given = self.maybe(name)
        if given:
            return given
        try:
            return file.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise SettingsError(name, f"读不到 {file}", f"cannot read {file}") from error

    def identity_keys(self, folder: Path) -> dict[str, str]:
        """The keys that are there; one of less than 32 bytes could be guessed offline."""
        keys = {}
        for brand in brand_ids():
            name = identity_variable(brand)
            key = self.secret(name, folder / f"identity-{brand}")
            if key and len(key.encode()) < SECRET_BYTES:
                raise SettingsError(
                    name,
                    f"密钥太短，至少 {SECRET_BYTES} 个字节。生成一个：openssl rand -base64 32",
                    f"is too short: {SECRET_BYTES} bytes at least. "
                    "To make one: openssl rand -base64 32",
                )
            if key:
                keys[brand] = key
        return keys

    def _parsed(self, name: str, default: T, parse: Callable[[str], T], zh: str, en: str) -> T:
        value = self.maybe(name)
        if value is None:
            return default
        try:
            return parse(value)
        except ValueError as error:
            raise SettingsError(name, f"“{value}”不行，{zh}", f"'{value}' {en}") from error


def _port(value: str) -> int:
    port = int(value)
    if not 0 < port <= LAST_PORT:
        raise ValueError(value)
    return port


def _networks(value: str) -> tuple[Network, ...]:
    networks = tuple(ipaddress.ip_network(each.strip()) for each in value.split(","))
    if any(network.prefixlen == 0 for network in networks):
        raise ValueError(value)  # whoever trusts everybody lets everybody choose their address
    return networks


def _switch(value: str) -> bool:
    known = {"on": True, "yes": True, "true": True, "1": True}
    known |= {"off": False, "no": False, "false": False, "0": False}
    if value.lower() not in known:
        raise ValueError(value)
    return known[value.lower()]
