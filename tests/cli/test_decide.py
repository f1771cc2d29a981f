"""``desk decide``, typed as a policy lawyer or a program would: facts in, decisions out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from actions.policy.brand import BRANDS_FOLDER
from bot.cli import main

Desk = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[2]

FACTS: dict[str, Any] = {
    "brand": "kuailian",
    "asked_at": "2026-09-05T12:00:00+08:00",
    "reason": None,
    "account": {"id": "A-1", "email": "li@example.com", "name": "李雷", "status": "active"},
    "order": {
        "order_number": "KL1",
        "account": "A-1",
        "item": "yearly",
        "kind": "purchase",
        "amount": "299.00",
        "currency": "CNY",
        "paid_at": "2026-09-01T10:00:00+08:00",
        "status": "paid",
        "payment": {"method": "card"},
    },
}
GOOD = json.dumps(FACTS, ensure_ascii=False)
RENEWAL = json.dumps(FACTS | {"order": FACTS["order"] | {"kind": "renewal"}})
BAD = json.dumps(FACTS | {"asked_at": "2026-08-01T00:00:00Z"})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that nothing may make."""
    return tmp_path / "home"


@pytest.fixture
def decide(home: Path) -> Desk:
    """Type ``desk decide --facts -`` with these facts on standard input."""

    def run(facts: str | bytes, *words: str | Path) -> Result:
        # A setting that stops every other command: this one reads none.
        typed = CliRunner(env={"DESK_HOME": str(home), "DESK_PORT": "no port"})
        line = ["decide", *map(str, words)]
        if "--facts" not in line:
            line += ["--facts", "-"]
        done = typed.invoke(main, line, input=facts, catch_exceptions=False)
        assert not home.exists()
        return done

    return run


def answers(done: Result) -> list[dict[str, Any]]:
    """Every line of standard output, which is always JSON."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def outcomes(done: Result) -> list[Any]:
    """Each line's outcome, or the number of a line that has faults."""
    return [answer.get("outcome", answer.get("line")) for answer in answers(done)]


@pytest.mark.parametrize("indent", [None, 2])
def test_one_object_gives_one_decision(decide: Desk, indent: int | None) -> None:
    """On however many lines it is written."""
    done = decide(json.dumps(FACTS, indent=indent))
    assert (done.exit_code, done.stderr) == (0, "")
    (decision,) = answers(done)
    assert (decision["outcome"], decision["amount"], decision["currency"]) == (
        "approved",
        "299.00",
        "CNY",
    )
    assert set(decision["explanation"]) == {"zh", "en"}


def test_a_file_is_read_as_standard_input_is(decide: Desk, tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text("\ufeff" + GOOD, "utf-8")
    assert decide("", "--facts", path).stdout == decide(GOOD).stdout


def test_a_refusal_is_an_answer_like_any_other(decide: Desk) -> None:
    """Exit code 0: the facts were good."""
    done = decide(RENEWAL)
    assert done.exit_code == 0
    (decision,) = answers(done)
    assert (decision["outcome"], decision["amount"], decision["pay_out"]) == (
        "denied",
        "0.00",
        None,
    )
    assert decision["refusal_codes"]


def test_the_brand_may_be_named(decide: Desk) -> None:
    assert decide(GOOD, "--brand", "kuailian").exit_code == 0


@pytest.mark.parametrize("brand", ["bitpie", "nobody"])
def test_another_brand_than_the_one_named_is_a_fault(decide: Desk, brand: str) -> None:
    done = decide(GOOD, "--brand", brand)
    assert done.exit_code == 2
    (answer,) = answers(done)
    assert [fault["path"] for fault in answer["faults"]] == ["brand"]
    assert "brand: " in done.stderr


@pytest.mark.parametrize("indent", [None, 2])
def test_faults_are_told_to_people_and_to_programs(decide: Desk, indent: int | None) -> None:
    bad = FACTS | {"asked_at": "today", "order": FACTS["order"] | {"amount": 299.0}}
    done = decide(json.dumps(bad, indent=indent))
    assert done.exit_code == 2
    (answer,) = answers(done)
    assert set(answer) == {"faults"}
    assert [fault["path"] for fault in answer["faults"]] == ["asked_at", "order.amount"]
    assert done.stderr.splitlines() == [
        f"{fault['path']}: {fault['message']}" for fault in answer["faults"]
    ]


def test_json_lines_are_answered_one_by_one_in_their_order(decide: Desk) -> None:
    done = decide(f"{GOOD}\n{RENEWAL}\n{GOOD}\n")
    assert (done.exit_code, done.stderr) == (0, "")
    assert outcomes(done) == ["approved", "denied", "approved"]


def test_a_bad_line_is_answered_in_its_place(decide: Desk) -> None:
    """Blank lines have no answer, and count."""
    done = decide(f"{GOOD}\n\n{BAD}\n{{bad\n[]\n7\n \n{RENEWAL}")
    assert done.exit_code == 2
    assert outcomes(done) == ["approved", 3, 4, 5, 6, "denied"]
    assert answers(done)[1] == {"line": 3, "faults": [answers(done)[1]["faults"][0]]}
    assert answers(done)[1]["faults"][0]["path"] == "asked_at"
    assert "4 行" in done.stderr


def test_a_broken_first_line_does_not_hide_the_others(decide: Desk) -> None:
    for broken in ("{bad", GOOD[:60], "nonsense", "[", "\x00", "{" * 5):
        done = decide(f"\n{broken}\n{GOOD}\n{RENEWAL}\n")
        if broken == "[":  # the beginning of a list, and lists are not what is asked for
            assert set(*answers(done)) == {"faults"}
        else:
            assert outcomes(done) == [2, "approved", "denied"], broken
        assert done.exit_code == 2


def test_a_line_that_is_not_utf_8_spoils_only_itself(decide: Desk) -> None:
    done = decide(GOOD.encode() + b"\n\xff\n" + GOOD.encode())
    assert outcomes(done) == ["approved", 2, "approved"]


def test_characters_that_only_look_like_line_ends_end_no_line(decide: Desk) -> None:
    facts = json.dumps(FACTS | {"reason": "a\u2028b\x85c"}, ensure_ascii=False)
    assert outcomes(decide(f"{facts}\r\n{facts}\r\n")) == ["approved", "approved"]


def test_a_list_is_told_to_become_lines(decide: Desk) -> None:
    for text in (json.dumps([FACTS]), json.dumps([FACTS, FACTS], indent=1), f"[\n{GOOD}\n]"):
        done = decide(text)
        assert done.exit_code == 2
        (answer,) = answers(done)
        (fault,) = answer["faults"]
        assert fault["path"] == ""
        assert "每行" in fault["message"]


@pytest.mark.parametrize(
    "text", [b"", b" \n\n", b"{", b'{\n"brand": 1,\n', b"{}", b"null", GOOD.encode("utf-16")]
)
def test_what_holds_no_facts_is_refused_in_words(decide: Desk, text: bytes) -> None:
    done = decide(text)
    assert done.exit_code == 2
    (answer,) = answers(done)
    assert answer["faults"]
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_over_several_lines_is_found_on_its_line(decide: Desk) -> None:
    text = json.dumps(FACTS, indent=1).replace('"reason": null', '"reason": nil')
    (answer,) = answers(decide("\n" + text))
    assert "line 5, column" in answer["faults"][0]["message"]


def test_half_a_character_breaks_nothing(decide: Desk) -> None:
    """Not the fields, where it is a fault; nor the keys, which are only shown."""
    done = decide('{"brand": "\\ud83d", "\\ud83d": 1, "\\ud83d": 2}')
    assert done.exit_code == 2
    (answer,) = answers(done)
    assert answer["faults"][0]["path"] == "\ud83d"


def test_a_file_that_is_not_there_is_named(decide: Desk, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.json", tmp_path):
        done = decide("", "--facts", path)
        assert done.exit_code == 2
        assert str(path) in done.stderr
        assert str(path) in answers(done)[0]["faults"][0]["message"]


def test_the_example_of_the_readme_is_decided(decide: Desk) -> None:
    """Whoever copies it has an answer."""
    examples = re.findall(r"```json\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    (example,) = [example for example in examples if "asked_at" in example]
    (decision,) = answers(decide(example))
    assert (decision["outcome"], decision["amount"]) == ("approved", "298.00")


# --- as a process --------------------------------------------------------------------------


def test_the_command_loads_no_server_and_no_database() -> None:
    """It answers at once; a policy lawyer asks it hundreds of times."""
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot.cli", "decide", "--facts", "-"],
        cwd=ROOT,
        input=GOOD,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(loaded.stdout)["outcome"] == "approved"
    modules = {line.rpartition("|")[2].strip().split(".")[0] for line in loaded.stderr.splitlines()}
    assert "actions" in modules
    assert (
        modules & {"aiohttp", "sqlalchemy", "alembic", "rasa_sdk", "jinja2", "hypothesis"} == set()
    )


def test_answers_are_utf_8_wherever_they_are_asked_for() -> None:
    """A Windows console, a bare container: JSON is UTF-8 all the same."""
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "decide", "--facts", "-"],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "gbk"},
        input=GOOD.encode(),
        capture_output=True,
        check=True,
    )
    assert "退" in json.loads(done.stdout.decode("utf-8"))["explanation"]["zh"]


def test_lines_are_answered_while_they_come() -> None:
    """A program may write a line, read its answer, and write the next."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "decide", "--facts", "-"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{GOOD}\n{RENEWAL}\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["outcome"] == "approved"
        assert json.loads(process.stdout.readline())["outcome"] == "denied"
        process.stdin.write(f"{BAD}\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["line"] == 3
        process.stdin.close()
    assert process.returncode == 2


def test_a_reader_that_has_had_enough_is_no_error(tmp_path: Path) -> None:
    """``desk decide --facts many.jsonl | head -1``."""
    path = tmp_path / "many.jsonl"
    path.write_text(f"{GOOD}\n" * 2000, "utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "decide", "--facts", path],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_draft_takes_the_place_of_its_brand(decide: Desk, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yml"
    text = (BRANDS_FOLDER / "kuailian.yml").read_text("utf-8")
    draft.write_text(text.replace("window_days: {value: 30,", "window_days: {value: 3,"), "utf-8")
    assert json.loads(decide(GOOD).stdout)["outcome"] == "approved"
    under = json.loads(decide(GOOD, "--with", draft).stdout)
    assert (under["outcome"], under["clauses"]) == ("needs_review", ["K-3"])


def test_a_draft_that_is_no_brand_file_is_refused_by_its_lines(
    decide: Desk, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.yml"
    draft.write_text("id: kuailian\n", "utf-8")
    done = decide(GOOD, "--with", draft)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{draft}:1: names: " in done.stderr
