"""The doctor finds what stands open, says how to close it, and shows no secret doing so."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.settings import Settings, ensure_secrets
from bot.cli.exposure import SHIPPED, exposures, weakness
from bot.cli.finding import Finding

STRONG = "k3Jf9sLq2Xw7Zb5Nc8Vd1Ty4Ru6Ip0Ao"
OTHER = "Zq8Wn3Xv6Bt1Mc5Ly9Hd2Kf7Gs4Pj0Re"
LIVE = {
    "DESK_MODE": "live",
    "DESK_INTERNAL_SECRET": STRONG,
    "DESK_CODE_SECRET": OTHER,
    "DESK_PUBLIC_URL": "https://desk.example.com",
    "DESK_SMTP_HOST": "mail.example.com",
}


def found(tmp_path: Path, subject: str, **environ: str) -> Finding:
    """What is said of ``subject`` with these variables."""
    settings = Settings.from_env({"DESK_HOME": str(tmp_path / "home")} | environ)
    said = list(exposures(settings))
    for secret in (settings.internal_secret, settings.code_secret, settings.smtp_password):
        assert not secret or secret not in "".join(map(str, said))
    (finding,) = [each for each in said if each.subject == subject]
    return finding


@pytest.mark.parametrize("subject", ["secrets", "tls", "demo", "mail", "metrics", "modes"])
def test_a_live_desk_that_is_set_up_well_has_nothing_open(tmp_path: Path, subject: str) -> None:
    """Encrypted, with secrets of its own."""
    assert found(tmp_path, subject, **LIVE).good


@pytest.mark.parametrize(
    ("subject", "changed", "says"),
    [
        ("tls", {"DESK_PUBLIC_URL": "http://desk.example.com"}, "https"),
        ("mail", {"DESK_SMTP_SECURITY": "none"}, "DESK_SMTP_SECURITY"),
        ("secrets", {"DESK_CODE_SECRET": STRONG}, "DESK_CODE_SECRET"),
        ("secrets", {"DESK_METRICS_SECRET": OTHER}, "DESK_METRICS_SECRET"),
        ("secrets", {"DESK_SMTP_PASSWORD": STRONG}, "DESK_SMTP_PASSWORD"),
        ("metrics", {"DESK_METRICS_SECRET": "short"}, "random"),
        (
            "database password",
            {"DESK_DATABASE_URL": "postgresql+psycopg://postgres:postgres@db.example/desk"},
            "default",
        ),
        (
            "database password",
            {"DESK_DATABASE_URL": "postgresql+psycopg://li:li@127.0.0.1/desk"},
            "default",
        ),
        ("database password", {"DESK_DATABASE_URL": "postgresql+psycopg://li@db.example/d"}, "def"),
    ],
)
def test_what_stands_open_is_found(
    tmp_path: Path, subject: str, changed: dict[str, str], says: str
) -> None:
    """And what to do about it."""
    finding = found(tmp_path, subject, **(LIVE | changed))
    assert not finding.good
    assert says in finding.en
    assert not finding.zh.isascii()


def test_a_demo_that_others_can_reach_is_found_even_where_it_was_allowed(tmp_path: Path) -> None:
    """Allowed is not the same as safe."""
    opened = {"DESK_HOST": "0.0.0.0", "DESK_DEMO_ANYWHERE": "yes"}
    assert not found(tmp_path, "demo", **opened).good
    assert not found(tmp_path, "demo", DESK_PUBLIC_URL="https://demo.example.com").good
    assert found(tmp_path, "demo").good


@pytest.mark.parametrize(
    "secret",
    [
        "not-a-secret-only-for-rasa-run-by-hand",
        "please-change-me-1234567890-abcdefgh",
        "your-secret-key-goes-here-0123456789",
        "ExamplePassword-9f8e7d6c5b4a3f2e1d0c",
    ],
)
def test_an_example_is_no_secret_however_long(secret: str) -> None:
    """The one in the repository above all."""
    said = weakness(secret)
    assert said
    assert secret not in "".join(said)


def test_the_placeholder_that_is_checked_in_is_known() -> None:
    """Whatever it is changed to."""
    placeholder = SHIPPED.read_text("utf-8").rpartition("secret: ")[2].strip()
    assert placeholder
    assert weakness(placeholder)


@pytest.mark.parametrize(("content", "good"), [("tiny", False), (OTHER, True)])
def test_every_file_among_the_secrets_is_looked_at_whoever_put_it_there(
    tmp_path: Path, content: str, good: bool
) -> None:
    """A brand's key, for one."""
    folder = tmp_path / "home" / "secrets"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "identity-kuailian").write_text(content)
    finding = found(tmp_path, "secret identity-kuailian")
    assert finding.good is good
    assert content not in str(finding)


def test_a_file_that_repeats_another_secret_is_found(tmp_path: Path) -> None:
    """Named, not shown."""
    settings = ensure_secrets(Settings.from_env({"DESK_HOME": str(tmp_path / "home")}))
    (settings.home / "secrets" / "identity-kuailian").write_text(settings.code_secret)
    finding = found(tmp_path, "secrets")
    assert not finding.good
    assert "secrets/identity-kuailian" in finding.en


@pytest.mark.parametrize(
    "name", ["secrets", "secrets/code", "desk.db", "run/endpoints.yml", "uploads"]
)
def test_what_other_users_may_read_is_found(tmp_path: Path, name: str) -> None:
    """Unless a folder above it is closed."""
    home = tmp_path / "home"
    for folder in ("secrets", "run", "uploads"):
        (home / folder).mkdir(parents=True, exist_ok=True)
        (home / folder).chmod(0o700)
    home.chmod(0o755)
    for file in ("secrets/code", "run/endpoints.yml", "desk.db"):
        (home / file).write_text(STRONG)
        (home / file).chmod(0o600)
    assert found(tmp_path, "modes").good
    (home / name).chmod(0o755)
    if "/" in name:
        assert found(tmp_path, "modes").good
        (home / name).parent.chmod(0o755)
    finding = found(tmp_path, "modes")
    assert not finding.good
    assert name in finding.en
    home.chmod(0o700)
    assert found(tmp_path, "modes").good
