"""A broken brand file is refused, and says on which line which field is wrong, and how."""

from pathlib import Path

import pytest

from actions.domain.errors import BrandFileRefused, Fault
from actions.policy.brand import Topic, load_brands, read_brand
from actions.policy.grounds import Ground
from tests.actions.policy.brand_texts import KUAILIAN, changed, faults_of, in_english, line_of

LIMITS = "terms.approvals.above.limits"


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("id: kuailian", "id: Kuai Lian", "id", "must be a short lower-case name"),
        (
            "time_zone: Asia/Shanghai",
            "time_zone: Asia/Nowhere",
            "time_zone",
            "must be a time zone such as Asia/Shanghai",
        ),
        (
            "names: {zh: 快连VPN, en: KuaiLian VPN}",
            "names: {zh: 快连VPN}",
            "names.en",
            "is missing",
        ),
        ("names: {zh: 快连VPN", "names: {zh: ' '", "names.zh", "must not be empty"),
        ('opens: "09:00"', 'opens: "9:00"', "hours.spans[0].opens", 'must be a time as "09:00"'),
        (
            'opens: "09:00"',
            "opens: 9",
            "hours.spans[0].opens",
            "must be text (put numbers and dates in quotes)",
        ),
        ('opens: "09:00"', 'opens: "23:00"', "hours.spans[0]", "closes must be later than opens"),
        (
            "days: [1, 2,",
            "days: [0, 2,",
            "hours.spans[0].days[0]",
            "must be a whole number from 1 to 7",
        ),
        (
            r"'KL\d{8,14}'",
            "'KL('",
            "order_numbers.patterns[0]",
            "is not a regular expression: missing ), unterminated subpattern at position 2",
        ),
        (
            "example: KL20260901001",
            "example: KL1",
            "order_numbers",
            "example matches none of the patterns",
        ),
        ('primary: "#0b63ce"', 'primary: "blue"', "theme.primary", 'must be a colour as "#0a7cff"'),
        (
            'primary: "#0b63ce"',
            'prime: "#0b63ce"',
            "theme.prime",
            "is not a known key; known are primary, on_primary, accent, surface, text",
        ),
        (
            "payload: /refund_status",
            "payload: refund_status",
            "quick_start[1].payload",
            "must be an intent as /request_refund",
        ),
        ("  - id: K-2\n", "  - id: K-1\n", "clauses[1]", "the clause K-1 stands here twice"),
        ("  - id: K-2\n", "  - id: two\n", "clauses[1].id", "must be an id as K-1"),
        (
            "  money_back: K-1",
            "  money_back: K-99",
            "grounds.money_back",
            "there is no clause K-99",
        ),
        (
            "  money_back: K-1",
            "  monkey_back: K-1",
            "grounds.monkey_back",
            f"must be one of {', '.join(Ground)}",
        ),
        ("  times: [K-7,", "  times: [K-70,", "topics.times[0]", "there is no clause K-70"),
        ("  times: [K-7, K-8, K-9]\n", "", "topics", "says nothing of times"),
        ("  times: [", "  timing: [", "topics.timing", f"must be one of {', '.join(Topic)}"),
        ("  times: [K-7, K-8, K-9]\n", "  times: K-7\n", "topics.times", "must be a list"),
        (
            "  notices: [K-9, K-24]",
            "  notices: [K-9, advice.past_window]",
            "topics.notices[1]",
            "there is no advice.past_window",
        ),
        (
            "  notices: [K-9, K-24]",
            "  notices: [K-9, K-24, K-7, K-8, K-1]",
            "topics.notices",
            "must have at most 4 entries",
        ),
        ("  disputed: K-17\n", "", "grounds", "names no clause for disputed"),
        (
            "advice:\n",
            "advice:\n  money_back: {zh: 好, en: Good}\n",
            "advice.money_back",
            "advice goes with refusal codes only",
        ),
        (
            "window_days: {value: 30, clause: K-1}",
            "window_days: {value: -30, clause: K-1}",
            "terms.window_days.value",
            "must be a whole number from 0 to 36500",
        ),
        (
            "window_days: {value: 30, clause: K-1}",
            "window_days: {value: 30.5, clause: K-1}",
            "terms.window_days.value",
            "must be a whole number",
        ),
        (
            "window_days: {value: 30, clause: K-1}",
            "window_days: {value: 030, clause: K-1}",
            "terms.window_days.value",
            "must be a whole number from 0 to 36500",
        ),
        (
            "window_days: {value: 30, clause: K-1}",
            "window_days: {value: 30, clause: K-77}",
            "terms.window_days",
            "there is no clause K-77",
        ),
        (
            "  window_days: {value: 30, clause: K-1}\n",
            "",
            "terms",
            "money_back and with_purchase need window_days",
        ),
        (
            "reasons: {required: false}",
            "reasons: {required: true}",
            "terms.reasons",
            "required goes with the treatment with_reason, and only with it",
        ),
        (
            "reasons: {required: false}",
            "reasons: {required: sometimes}",
            "terms.reasons.required",
            "must be true or false",
        ),
        (
            "purchase: {treatment: money_back}",
            "purchase: {treatment: maybe}",
            "terms.kinds.purchase.treatment",
            "must be one of money_back, with_purchase, unless_cancelled, with_reason, never",
        ),
        (
            "purchase: {treatment: money_back}",
            "present: {treatment: money_back}",
            "terms.kinds.present",
            "must be one of purchase, renewal, upgrade, service_fee, onchain_transfer, swap",
        ),
        (
            "purchase: {treatment: money_back}",
            "purchase: {treatment: never}",
            "terms.kinds.purchase",
            "refused_as goes with the treatment never, and only with it",
        ),
        (
            "purchase: {treatment: money_back}",
            "purchase: {treatment: never, refused_as: money_back}",
            "terms.kinds.purchase",
            "refused_as must be a refusal code",
        ),
        ('CNY: ["2000.00"', 'CNY: ["2000.001"', f"{LIMITS}.CNY[0]", "CNY has 2 decimals, not 3."),
        (
            'CNY: ["2000.00"',
            'RMB: ["2000.00"',
            f"{LIMITS}.RMB[0]",
            "The desk does not know the currency 'RMB'.",
        ),
        (
            'CNY: ["2000.00"',
            "CNY: [2000.00",
            f"{LIMITS}.CNY[0]",
            "must be text (put numbers and dates in quotes)",
        ),
        (
            'CNY: ["2000.00"',
            'CNY: ["20000.00"',
            f"{LIMITS}.CNY",
            "each limit must be higher than the one before",
        ),
        (
            "      clause: K-20\n",
            "      clause: K-99\n",
            "terms.approvals",
            "there is no clause K-99",
        ),
        ("clause: K-22", "clause: K-98", "terms.approvals", "there is no clause K-98"),
        (
            "{crypto: 2}",
            "{crypto: 0}",
            "terms.approvals.always.methods.crypto",
            "must be a whole number from 1 to 9",
        ),
        (
            "{crypto: 2}",
            "{cash: 2}",
            "terms.approvals.always.methods.cash",
            "must be one of card, paypal, alipay, wechat_pay, crypto, third_party",
        ),
        (
            "decided_by: person",
            "decided_by: chance",
            "terms.partial.decided_by",
            "must be one of person, policy, nobody",
        ),
        (
            "rounding: down",
            "rounding: sideways",
            "terms.partial.rounding",
            "must be one of down, half_up, up",
        ),
        (
            "  partial: {decided_by: person, rounding: down, assumption: true}\n",
            "",
            "terms",
            "money_back and with_purchase need partial",
        ),
        (
            "of_account: 3",
            "of_account: 0",
            "terms.velocity.of_account",
            "must be a whole number from 1 to 1000",
        ),
        (
            "velocity: {days: 30",
            "velocity: {days: 0",
            "terms.velocity.days",
            "must be a whole number from 1 to 90",
        ),
        (
            "    card: {least: 3,",
            "    card: {clause: K-97, least: 3,",
            "terms.methods.card",
            "there is no clause K-97",
        ),
        (
            "paypal: {least: 1, most: 5,",
            "paypal: {least: 6, most: 5,",
            "terms.methods.paypal",
            "least must not be more than most",
        ),
        (
            "    paypal: {least: 1, most: 5, assumption: true}\n",
            "",
            "terms.methods",
            "says nothing of paypal",
        ),
        (
            "quick_start:\n",
            "quick_start: []\nmore:\n",
            "quick_start",
            "must be a list with at least one entry",
        ),
        ("theme:\n", "theme: []\nmore:\n", "theme", "must be a mapping of keys to values"),
        ("time_zone: Asia/Shanghai\n", "time_zone: UTC\nid: kuailian\n", "id", "stands here twice"),
    ],
)
def test_a_broken_file_names_line_and_field(old: str, new: str, path: str, message: str) -> None:
    text = changed(old, new)
    found = [fault for fault in faults_of(text) if fault.path == path]
    assert found, faults_of(text)
    assert found[0].message == message
    assert found[0].line
    assert found[0].line <= text.count("\n")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("window_days: {value: 30, clause: K-1}", "window_days: {value: x, clause: K-1}", None),
        # What is missing is told on the first line of where it should be.
        ("  - id: K-2\n    zh:", "  - id: K-2\n    zn:", None),
        ("  rounding: down", "  rounded: down", None),
        ("id: kuailian\n", "\n", "version:"),
        # What the file lacks as a whole is told where that part begins.
        ("  disputed: K-17\n", "", "  money_back: K-1"),
        # What stands there twice is told where it stands again.
        ("theme:\n", "theme:\n  text: '#000000'\n", '  text: "#14202e"'),
    ],
)
def test_a_fault_s_line_is_the_line_it_stands_on(old: str, new: str, line: str | None) -> None:
    text = changed(old, new) if old in KUAILIAN else changed(old.strip(), new.strip())
    assert {fault.line for fault in faults_of(text)} >= {line_of(text, line or new.strip())}


def test_all_faults_are_told_at_once() -> None:
    text = changed("id: kuailian", "id: 7").replace("least: 3", "least: three")
    assert [fault.path for fault in faults_of(text)] == [
        "terms.methods.card.least",
        "terms.methods.third_party.least",
        "id",
    ]


@pytest.mark.parametrize("name", ["id", "time_zone", "order_numbers", "hours", "topics", "terms"])
def test_of_a_part_that_is_missing_no_more_is_told_than_that(name: str) -> None:
    lines = KUAILIAN.splitlines(keepends=True)
    begins = next(n for n, line in enumerate(lines) if line.startswith(f"{name}:"))
    after = (n for n in range(begins + 1, len(lines)) if lines[n][0] not in " \n")
    ends = next(after, len(lines))
    text = "".join([*lines[:begins], *lines[ends:]])
    first = line_of(text, "version:" if name == "id" else "id:")
    assert faults_of(text) == (Fault(name, "is missing", first),)


def test_advice_may_be_left_out() -> None:
    begins, ends = KUAILIAN.index("advice:\n"), KUAILIAN.index("terms:\n")
    assert read_brand(KUAILIAN[:begins] + KUAILIAN[ends:]).advice == {}


def test_hours_may_stop_on_holidays() -> None:
    assert read_brand(changed("holidays: open", "holidays: closed")).hours.closed_on_holidays
    assert not read_brand(KUAILIAN).hours.closed_on_holidays


# --- no brand file at all ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault("", "the file is empty", 1)),
        ("# nothing\n", Fault("", "the file is empty", 1)),
        ("id: [", Fault("", "is not YAML: expected the node content, but found '<stream end>'", 1)),
        (
            "id: kuailian\n\tnames: x",
            Fault("", "is not YAML: found character '\\t' that cannot start any token", 2),
        ),
        ("--- {id: a}\n--- {id: b}\n", Fault("", "is not YAML: but found another document", 2)),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(text: str, fault: Fault) -> None:
    assert faults_of(text) == (fault,)


def test_a_list_is_no_brand_file() -> None:
    assert Fault("", "must be a mapping of keys to values", 1) in faults_of("- a")


def test_control_characters_are_refused() -> None:
    (fault,) = faults_of("id: \x00")
    assert (fault.path, fault.line) == ("", None)
    assert fault.message.startswith("is not YAML: unacceptable character #x0000")


def test_a_folder_s_faults_are_told_by_file(tmp_path: Path) -> None:
    (tmp_path / "kuailian.yml").write_text(changed("id: kuailian", "id: 快连"), "utf-8")
    (tmp_path / "bitpie.yml").write_text(KUAILIAN, "utf-8")
    (tmp_path / "maple.yml").write_text("- a: *nobody", "utf-8")
    with pytest.raises(BrandFileRefused) as refused:
        load_brands(tmp_path)
    line = line_of(KUAILIAN, "id: kuailian")
    assert [str(in_english(fault)) for fault in refused.value.faults] == [
        "line 1: bitpie.yml id: must be bitpie, as the file",
        f"line {line}: kuailian.yml id: must be a short lower-case name",
        "line 1: maple.yml: is not YAML: found undefined alias 'nobody'",
    ]


def test_a_folder_without_brands_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "brands"
    folder.mkdir()
    with pytest.raises(BrandFileRefused) as refused:
        load_brands(folder)
    assert list(map(in_english, refused.value.faults)) == [Fault("brands", "holds no brand file")]
