"""Settings: what each variable does, and what is refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from actions.settings import ROOT, Settings, SettingsError, ensure_secrets

STRONG = "k3Jf9sLq2Xw7Zb5Nc8Vd1Ty4Ru6Ip0Ao"


def settings(**environ: str) -> Settings:
    """Settings from these variables and nothing of the machine's."""
    return Settings.from_env(environ)


def test_without_any_variable_the_desk_is_a_demo_on_this_machine_alone() -> None:
    """The defaults are the safe ones."""
    plain = settings()
    assert (plain.demo, plain.host, plain.port, plain.home) == (
        True,
        "127.0.0.1",
        8080,
        ROOT / "var",
    )
    assert plain.database_url == f"sqlite+aiosqlite:///{ROOT}/var/desk.db"
    assert plain.public_url == "http://127.0.0.1:8080"


def test_the_private_ports_follow_the_public_one() -> None:
    """Two desks run side by side by moving one number."""
    moved = settings(DESK_PORT="9000")
    assert (moved.rasa_port, moved.actions_port, moved.smtp_port) == (9001, 9002, 9003)


def test_a_private_port_can_be_moved_alone() -> None:
    """An explicit port wins over the one that would follow."""
    moved = settings(DESK_PORT="9000", DESK_RASA_PORT="7000")
    assert (moved.rasa_port, moved.actions_port) == (7000, 9002)


def test_live_mode_sends_mail_over_the_submission_port_with_tls() -> None:
    """Outside the demo nothing is sent in the clear unless asked for."""
    live = settings(DESK_MODE="live")
    assert (live.smtp_port, live.smtp_security) == (587, "starttls")


def test_a_blank_variable_counts_as_unset() -> None:
    """Compose files and shells leave empty strings behind."""
    assert settings(DESK_PORT=" ", DESK_SMTP_USER="").smtp_user is None


def test_a_folder_given_relatively_is_made_absolute() -> None:
    """A process started elsewhere must mean the same folder."""
    assert settings(DESK_HOME="elsewhere").home == Path.cwd() / "elsewhere"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DESK_PORT", "eighty"),
        ("DESK_PORT", "0"),
        ("DESK_PORT", "65536"),
        ("DESK_PORT", "65534"),
        ("DESK_MODE", "test"),
        ("DESK_SMTP_SECURITY", "ssl"),
        ("DESK_RATE_LIMITS", "maybe"),
        ("DESK_LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name_in_both_languages(
    variable: str, value: str
) -> None:
    """The message names the variable, in Chinese and in English."""
    with pytest.raises(SettingsError) as refused:
        settings(**{variable: value})
    assert refused.value.variable == variable
    assert any("\u4e00" <= character <= "\u9fff" for character in refused.value.zh)
    assert refused.value.en.isascii()


def test_two_of_our_own_listeners_cannot_share_a_port() -> None:
    """It would only show as one process that never starts."""
    with pytest.raises(SettingsError, match="DESK_ACTIONS_PORT"):
        settings(DESK_RASA_PORT="9100", DESK_ACTIONS_PORT="9100")


def test_rate_limits_cannot_be_turned_off_in_live_mode() -> None:
    """Turning them off is for tests and demonstrations."""
    assert settings(DESK_RATE_LIMITS="off").rate_limits is False
    with pytest.raises(SettingsError, match="DESK_RATE_LIMITS"):
        settings(DESK_RATE_LIMITS="off", DESK_MODE="live")


@pytest.mark.parametrize(
    "opened",
    [
        {"DESK_HOST": "0.0.0.0"},
        {"DESK_HOST": "192.0.2.7"},
        {"DESK_HOST": "desk.example.com"},
        {"DESK_DATABASE_URL": "postgresql+psycopg://desk@db/desk"},
    ],
)
def test_demo_mode_refuses_to_be_opened_unless_told_so(opened: dict[str, str]) -> None:
    """Whoever reaches a demo reads every one-time code."""
    with pytest.raises(SettingsError):
        settings(**opened).check_demo_is_safe()
    settings(**opened, DESK_DEMO_ANYWHERE="yes").check_demo_is_safe()
    settings(**opened, DESK_MODE="live").check_demo_is_safe()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_demo_mode_is_at_home_on_loopback(host: str) -> None:
    """Every name of this machine alone is fine."""
    settings(DESK_HOST=host).check_demo_is_safe()


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:8080"),
        ("::", "http://[::1]:8080"),
        ("192.0.2.7", "http://192.0.2.7:8080"),
    ],
)
def test_this_machine_reaches_the_desk_wherever_it_is_bound(host: str, address: str) -> None:
    """`Every address` is no address to connect to."""
    assert settings(DESK_HOST=host).local_url == address


def test_a_demo_makes_its_secrets_once_and_keeps_them_to_itself(tmp_path: Path) -> None:
    """Random, different, stable over a restart, and no one else may read them."""
    first = ensure_secrets(settings(DESK_HOME=str(tmp_path)))
    again = ensure_secrets(settings(DESK_HOME=str(tmp_path)))
    assert len(first.internal_secret) == len(first.code_secret) == 43
    assert first.internal_secret != first.code_secret
    assert (again.internal_secret, again.code_secret) == (first.internal_secret, first.code_secret)
    for name in ("internal", "code"):
        assert stat.S_IMODE((tmp_path / "secrets" / name).stat().st_mode) == 0o600
    assert sorted(path.name for path in (tmp_path / "secrets").iterdir()) == ["code", "internal"]


def test_a_secret_given_outright_is_used_and_never_written(tmp_path: Path) -> None:
    """Those who keep secrets elsewhere find none on disk."""
    given = settings(
        DESK_HOME=str(tmp_path), DESK_INTERNAL_SECRET=STRONG, DESK_CODE_SECRET=STRONG[::-1]
    )
    assert ensure_secrets(given) == given
    assert list(tmp_path.iterdir()) == []


def test_live_mode_never_makes_up_a_secret(tmp_path: Path) -> None:
    """A secret that each machine invents is no secret that two machines share."""
    with pytest.raises(SettingsError, match="DESK_INTERNAL_SECRET"):
        ensure_secrets(settings(DESK_HOME=str(tmp_path), DESK_MODE="live"))


def test_no_secret_shows_when_the_settings_are_printed() -> None:
    """Settings end up in logs and tracebacks."""
    shown = repr(
        settings(
            DESK_INTERNAL_SECRET=STRONG,
            DESK_CODE_SECRET=STRONG,
            DESK_SMTP_PASSWORD=STRONG,
            DESK_DATABASE_URL=f"postgresql+psycopg://desk:{STRONG}@db/desk",
        )
    )
    assert STRONG not in shown


@pytest.mark.parametrize("url", ["http://:{}@cache/0", "{}", "redis//:{}@cache", "redis://[:{}"])
def test_a_redis_address_that_is_none_is_refused_without_being_repeated(url: str) -> None:
    """It may hold a password."""
    with pytest.raises(SettingsError, match="DESK_REDIS_URL") as refused:
        settings(DESK_REDIS_URL=url.format(STRONG))
    assert STRONG not in str(refused.value)


def test_a_redis_address_is_kept_out_of_sight() -> None:
    """``repr`` ends up in logs."""
    given = settings(DESK_REDIS_URL=f"rediss://:{STRONG}@cache.example.com/0")
    assert given.redis_url is not None
    assert STRONG not in repr(given)
    assert settings().redis_url is None


def test_trusted_proxies_are_networks_and_none_by_default() -> None:
    """Single addresses are networks too."""
    given = settings(DESK_TRUSTED_PROXIES="10.0.0.0/8, 192.0.2.1,fd00::/8").trusted_proxies
    assert [str(network) for network in given] == ["10.0.0.0/8", "192.0.2.1/32", "fd00::/8"]
    assert settings().trusted_proxies == ()


@pytest.mark.parametrize("value", ["*", "all", "10.0.0.1/8", "0.0.0.0/0", "::/0", "10.0.0.0/8,"])
def test_trusting_everybody_or_nonsense_is_refused(value: str) -> None:
    """Whoever trusts everybody lets everybody choose their own address."""
    with pytest.raises(SettingsError, match="DESK_TRUSTED_PROXIES"):
        settings(DESK_TRUSTED_PROXIES=value)
