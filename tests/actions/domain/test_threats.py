"""What is a threat, and what only sounds like one."""

import pytest

from actions.domain.threats import threat_in
from actions.domain.ticket import Threat

THREATS = [
    ("再不退我就打12315了", Threat.REGULATOR),
    ("我會去消保會申訴", Threat.REGULATOR),
    ("已经在黑猫投诉了", Threat.REGULATOR),
    ("等着收律师函吧", Threat.LAWYER),
    ("那就法院见", Threat.LAWYER),
    ("我直接报警", Threat.LAWYER),
    ("我让银行拒付了", Threat.CHARGEBACK),
    ("找paypal申诉去", Threat.CHARGEBACK),
    ("明天就发微博曝光你们", Threat.PUBLICITY),
    ("I'll do a chargeback", Threat.CHARGEBACK),
    ("I'm going to dispute the charge with my bank", Threat.CHARGEBACK),
    ("you'll hear from my LAWYER", Threat.LAWYER),
    ("see you in small claims", Threat.LAWYER),
    ("reporting this to trading standards", Threat.REGULATOR),
    ("I will post this everywhere", Threat.PUBLICITY),
    ("１２３１５见", Threat.REGULATOR),
    ("律师说可以直接拒付", Threat.CHARGEBACK),
]
HARMLESS = [
    "我要退款",
    "订单号是 KL2026091501",
    "我在法国买的",
    "工作日可以退吗",
    "I want my money back",
    "the app went wrong again",
    "is there a public holiday",
    "my review of the plan: fine",
]


@pytest.mark.parametrize(("words", "threat"), THREATS)
def test_a_threat_is_heard(words, threat):
    assert threat_in(words) is threat


@pytest.mark.parametrize("words", HARMLESS)
def test_no_threat_is_heard_where_there_is_none(words):
    assert threat_in(words) is None
