"""What looks like a fact and is none, and what corrects what, in both languages."""

from collections.abc import Callable

import pytest

SUMS = [
    ("门票260元一位,退两位", "amount=260 CNY@260元"),
    ("88块五箱", "amount=88 CNY@88块"),
    ("三块五退我", "amount=3.5 CNY@三块五"),
    ("299块9包邮", "amount=299.9 CNY@299块9"),
    ("总数三百元", "amount=300 CNY@三百元"),
    ("网上三百块买的", "amount=300 CNY@三百块"),
    ("房租四千二交了两次", "amount=4200@四千二"),
    ("押金两千五没退", "amount=2500@两千五"),
    ("a hundred dollars", "amount=100 USD@a hundred dollars"),
]

CORRECTED = [
    (
        "快递单号不是SF1234567890123,是SF1234567890124",
        "!parcel_number=SF1234567890123@SF1234567890123"
        "|parcel_number=SF1234567890124@SF1234567890124",
    ),
    (
        "tracking number is not 7712-889-201 but 7712-889-210",
        "!parcel_number=7712889201@7712-889-201|parcel_number=7712889210@7712-889-210",
    ),
    (
        "the parcel number was QX1234500012, not QX1234500021",
        "parcel_number=QX1234500012@QX1234500012|!parcel_number=QX1234500021@QX1234500021",
    ),
    (
        "waybill 99812377123 and order 99812377124",
        "parcel_number=99812377123@99812377123|order_number=99812377124@99812377124",
    ),
    ("尾号说错了,不是1122,是2211", "!last_four=1122@1122|last_four=2211@2211"),
    ("last four isn't 1122, it's 2211", "!last_four=1122@1122|last_four=2211@2211"),
    ("收款人不是赵强,是赵刚", "!person_name=赵强@赵强|person_name=赵刚@赵刚"),
    ("户名是周杰,不是周洁", "person_name=周杰@周杰|!person_name=周洁@周洁"),
    (
        "my name is not Jon Hale but John Hale",
        "!person_name=Jon Hale@Jon Hale|person_name=John Hale@John Hale",
    ),
    (
        "the cardholder is Mark Lee, not Marc Lee",
        "person_name=Mark Lee@Mark Lee|!person_name=Marc Lee@Marc Lee",
    ),
    ("我叫王芳,不是黄牛", "person_name=王芳@王芳"),
    ("我叫王芳,是高级会员", "person_name=王芳@王芳"),
]

NUMBERS = [
    ("EMS1002003004005", "parcel_number=EMS1002003004005@EMS1002003004005"),
    ("booking no QB 4410 2207 please", "order_number=QB44102207@QB 4410 2207"),
    (f"交易ID{'AB12' * 16}", f"transaction_id={'AB12' * 16}@{'AB12' * 16}"),
    ("the last 4 of the card I used: 9081", "last_four=9081@9081"),
    (
        "Name: J. R. Smith. Order: 88231",
        "person_name=J. R. Smith@J. R. Smith|order_number=88231@88231",
    ),
    ("My name is Dr. Ann Lee. Please help", "person_name=Dr. Ann Lee@Dr. Ann Lee"),
    ("the order for Nina Roth, that's my name", "person_name=Nina Roth@Nina Roth"),
]

WORDS = [
    ("paid through a third party", "payment_method=third_party@third party"),
    ("a third-party payment", "payment_method=third_party@third-party payment"),
    ("第三方代付", "payment_method=third_party@第三方"),
    ("支付宝扫码付的", "payment_method=alipay@支付宝"),
    ("还没收到货物", "reason=not_received@没收到货物"),
    ("我付了钱一直没收到", "reason=not_received@没收到"),
    ("一直没收到货,打了电话", "reason=not_received@没收到货"),
    ("never got the goods", "reason=not_received@never got"),
    ("I never received my order, refund me", "reason=not_received@never received"),
    ("I want my money back because it never arrived", "reason=not_received@never arrived"),
    ("I ordered shoes. I haven't received them", "reason=not_received@haven't received"),
]

NONE = [
    "好几千块打了水漂",
    "数百元的会员",
    "上百块的运费",
    "两三百块",
    "a few hundred dollars",
    "a couple of dollars",
    "三万六个用户",
    "4-6 business days",
    "2-4 weeks, right?",
    "要,3-5个工作日",
    "my 4-digit code",
    "the 2-in-1 laptop",
    "a third-party extension",
    "第三方的软件闪退",
    "用支付宝登录",
    "I can't sign in with paypal",
    "没收到货款",
    "退款一直没收到",
    "钱到现在都没收到",
    "没收到你们的回复",
    "the money has not come",
    "the refund for my parcel never came",
    "where is my money? I haven't received it",
]


@pytest.mark.parametrize(("message", "facts"), [*SUMS, *CORRECTED, *NUMBERS, *WORDS])
def test_the_facts_of_a_message(told: Callable[[str], str], message: str, facts: str) -> None:
    assert told(message) == facts


@pytest.mark.parametrize("message", NONE)
def test_what_only_looks_like_one_is_no_fact(told: Callable[[str], str], message: str) -> None:
    assert told(message) == ""
