"""What a brand file says of trust: read as written, and refused with a reason where it can't be."""

import pytest

from actions.domain.money import Money
from actions.policy.brand import read_brand
from tests.actions.policy.brand_texts import KUAILIAN, changed, faults_of

SITES = 'sites: ["https://www.kuailian.example", "https://help.kuailian.example"]'
RETENTION = "{conversations_days: 365, cases_days: 1825, assumption: true}"
PROOF = "    clause: K-6\n    assumption: true\n\ntheme:"


@pytest.mark.parametrize(
    ("amount", "currency", "asked"),
    [
        ("2000.00", "CNY", False),
        ("2000.01", "CNY", True),
        ("300.00", "USD", False),
        ("300.01", "USD", True),
        ("0.01", "CHF", True),
    ],
)
def test_a_payment_proof_is_asked_for_above_the_limit_or_where_there_is_none(
    amount: str, currency: str, asked: bool
) -> None:
    proof = read_brand(KUAILIAN).trust.payment_proof
    assert proof is not None
    assert proof.asked_for(Money.parse(amount, currency)) is asked


def test_a_brand_need_not_ask_for_a_payment_proof() -> None:
    start, end = KUAILIAN.index("  payment_proof:"), KUAILIAN.index("\ntheme:")
    assert read_brand(KUAILIAN[:start] + KUAILIAN[end:]).trust.payment_proof is None


def test_a_site_on_this_machine_may_go_without_encryption() -> None:
    local = changed(SITES, 'sites: ["http://localhost:8000", "http://127.0.0.1:3000"]')
    assert read_brand(local).trust.sites == ("http://localhost:8000", "http://127.0.0.1:3000")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            SITES,
            'sites: ["http://www.kuailian.example"]',
            "trust.sites[0]: must begin with https://",
        ),
        (
            SITES,
            'sites: ["https://www.kuailian.example/help"]',
            "trust.sites[0]: must be an origin such as https://www.example.com",
        ),
        (
            SITES,
            'sites: ["*"]',
            "trust.sites[0]: must be an origin such as https://www.example.com",
        ),
        (SITES, "sites: []", "trust.sites: must be a list with at least one entry"),
        (
            RETENTION,
            "{conversations_days: 0, cases_days: 1825}",
            "trust.retention.conversations_days: must be a whole number from 1 to 36500",
        ),
        (
            PROOF,
            PROOF.replace("K-6", "K-90"),
            "trust.payment_proof: there is no clause K-90",
        ),
        (
            '      CNY: "2000.00"\n',
            '      CNY: "2000.001"\n',
            "trust.payment_proof.above.CNY: CNY has 2 decimals, not 3.",
        ),
    ],
)
def test_what_does_not_fit_is_told(old: str, new: str, fault: str) -> None:
    told = [f"{found.path}: {found.message}" for found in faults_of(changed(old, new))]
    assert told == [fault]
