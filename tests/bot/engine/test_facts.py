"""The facts of a message by themselves, in both languages: kind, normal value, words."""

import itertools
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from bot.engine.nlu.facts.reading import read_facts
from bot.engine.nlu.normaliser import normalise

NOW = datetime(2026, 11, 25, 18, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Wednesday."""

HASH = "ab12" * 16
ETH = "0x" + "Ab12" * 10
TRON = "TXLAQ63Xg1NAzckPwKHvzw7CSEmLMEqcdj"
SEGWIT = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
LEGACY = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"


NUMBERS = [
    ("我要退款订单KL20260901001的", "order_number=KL20260901001@KL20260901001"),
    ("ＫＬ２０２６０９０１００１", "order_number=KL20260901001@KL20260901001"),
    ("订单号是K L 2 0 2 6 0 9 0 4", "order_number=KL20260904@K L 2 0 2 6 0 9 0 4"),
    ("订单编号:4003 2281 9917 0052", "order_number=4003228199170052@4003 2281 9917 0052"),
    ("reservation 3019 284 771", "order_number=3019284771@3019 284 771"),
    ("delivery note number DN 55021", "order_number=DN55021@DN 55021"),
    ("PNR is JH4T2Q", "order_number=JH4T2Q@JH4T2Q"),
    ("oder nr 771-20", "order_number=771-20@771-20"),
    ("receipt no 2024/06/1187", "order_number=2024/06/1187@2024/06/1187"),
    ("票号 784-2231904471", "order_number=784-2231904471@784-2231904471"),
    ("合同编号2023-京-00418", "order_number=2023-京-00418@2023-京-00418"),
    (
        "支付宝订单号2026082522001417",
        "payment_method=alipay@支付宝|order_number=2026082522001417@2026082522001417",
    ),
    ("取件码 12-3-4408", "order_number=12-3-4408@12-3-4408"),
    ("policy number HX-449120-B", "order_number=HX-449120-B@HX-449120-B"),
    ("payment reference STRP-88201-ff", "order_number=STRP-88201-ff@STRP-88201-ff"),
    ("txid 4f1a9b02c77e", "order_number=4f1a9b02c77e@4f1a9b02c77e"),
    ("copy pasted from my mail: Order-ID 102938-QW", "order_number=102938-QW@102938-QW"),
    ("here u go 771209338", "order_number=771209338@771209338"),
    ("就是后面那个5512098", "order_number=5512098@5512098"),
    ("#A10293 please", "order_number=A10293@A10293"),
    ("order #88213", "order_number=88213@88213"),
    ("单号2026-09-01-7788", "order_number=2026-09-01-7788@2026-09-01-7788"),
    ("membership no. 0099182", "order_number=0099182@0099182"),
    ("凭证号 004417", "order_number=004417@004417"),
    ("order number 88231-004, paid 45.00", "order_number=88231-004@88231-004|amount=45@45.00"),
    (
        "两个订单:KL20260901005和KL20260901006",
        "order_number=KL20260901005@KL20260901005|order_number=KL20260901006@KL20260901006",
    ),
    (
        "KL20260901001 2026-09-02买的299元",
        "order_number=KL20260901001@KL20260901001|date=2026-09-02@2026-09-02|amount=299 CNY@299元",
    ),
    ("订单2026-09-02下的", "date=2026-09-02@2026-09-02"),
    ("I want a refund for BTC937120012", "order_number=BTC937120012@BTC937120012"),
    ("refund for 3CAD4E421", "order_number=3CAD4E421@3CAD4E421"),
    ("refund for 92315955 please", "order_number=92315955@92315955"),
    ("订单20260901", "order_number=20260901@20260901"),
    ("error code 809", ""),
    ("QQ 100200300", ""),
    ("my iPhone 15 on ios 17.2", ""),
    ("I ordered 4 items, 3 arrived", ""),
    ("我买了3件, 退1件", ""),
    (f"交易0x{HASH}付错了", f"transaction_id=0x{HASH}@0x{HASH}"),
    (f"hash:{HASH}", f"transaction_id={HASH}@{HASH}"),
    (f"我的私钥是{HASH}", ""),
    (f"private key {HASH}", ""),
    (f"转到了{ETH}这个地址", f"wallet_address={ETH}@{ETH}"),
    (f"sent to {TRON}.", f"wallet_address={TRON}@{TRON}"),
    (f"地址{SEGWIT}", f"wallet_address={SEGWIT}@{SEGWIT}"),
    (f"my address is {LEGACY}, thanks", f"wallet_address={LEGACY}@{LEGACY}"),
    ("rf-acdefgh34j到哪了", "tracking_number=RF-ACDEFGH34J@rf-acdefgh34j"),
    ("RF ACDEFGH34J", "tracking_number=RF-ACDEFGH34J@RF ACDEFGH34J"),
    ("ＲＦ－ＡＣＤＥＦＧＨ３４Ｊ", "tracking_number=RF-ACDEFGH34J@RF-ACDEFGH34J"),
    ("快递单号SF1409928837721", "parcel_number=SF1409928837721@SF1409928837721"),
    ("亲 单号 YT8837120046612", "parcel_number=YT8837120046612@YT8837120046612"),
    ("运单号:7731 2288 9901", "parcel_number=773122889901@7731 2288 9901"),
    ("UPS number 1z88f7720398812345", "parcel_number=1Z88F7720398812345@1z88f7720398812345"),
    (
        "Tracking number on the parcel is 1Z999AA10123456784",
        "parcel_number=1Z999AA10123456784@1Z999AA10123456784",
    ),
    ("waybill 773122889901", "parcel_number=773122889901@773122889901"),
    ("EMS寄回 EA123456789CN", "parcel_number=EA123456789CN@EA123456789CN"),
]

CONTACTS = [
    ("邮箱是A.B@c.com,谢谢", "email=a.b@c.com@A.B@c.com"),
    ("我的邮箱li_lei88@example.com谢谢", "email=li_lei88@example.com@li_lei88@example.com"),
    (
        "write to jo+vpn@mail.example.co.uk.",
        "email=jo+vpn@mail.example.co.uk@jo+vpn@mail.example.co.uk",
    ),
    ("电话13800138000", "phone=+8613800138000@13800138000"),
    ("call 138 0013 8000", "phone=+8613800138000@138 0013 8000"),
    ("打我138-0013-8000就行", "phone=+8613800138000@138-0013-8000"),
    ("+86 13800138000", "phone=+8613800138000@+86 13800138000"),
    (
        "收件人张慧电话１３８００１３８０００",
        "person_name=张慧@张慧|phone=+8613800138000@13800138000",
    ),
    ("座机010-12345678", "phone=+861012345678@010-12345678"),
    ("联系我打这个：021-55550188", "phone=+862155550188@021-55550188"),
    ("客服400-123-4567打不通", "phone=+864001234567@400-123-4567"),
    ("+44 7700 900123", "phone=+447700900123@+44 7700 900123"),
    ("07700 900123", "phone=07700900123@07700 900123"),
    ("(212) 555-0187", "phone=2125550187@(212) 555-0187"),
    ("+1 (202) 555-0173", "phone=+12025550173@+1 (202) 555-0173"),
    ("call 1-800-555-0155 ext 4", "phone=+18005550155@1-800-555-0155"),
    ("WhatsApp +852 5550 1234", "phone=+85255501234@+852 5550 1234"),
    ("text me 555-0137", "phone=5550137@555-0137"),
    (
        "Rahul Sharma here, mobile 98765 00000",
        "person_name=Rahul Sharma@Rahul Sharma|phone=9876500000@98765 00000",
    ),
    ("landline 01632 960411", "phone=01632960411@01632 960411"),
    ("订单号13800138000", "order_number=13800138000@13800138000"),
    ("我叫李雷想退款", "person_name=李雷@李雷"),
    ("我叫劉嘉敏", "person_name=劉嘉敏@刘嘉敏"),
    ("本人王小明，申请退款", "person_name=王小明@王小明"),
    ("户名：赵敏，邮箱zm@example.com", "person_name=赵敏@赵敏|email=zm@example.com@zm@example.com"),
    ("注册人名字:田甜 手机137", "person_name=田甜@田甜"),
    ("名字叫董磊", "person_name=董磊@董磊"),
    ("账户名是周杰", "person_name=周杰@周杰"),
    ("我是欧阳娜娜，订单没到", "person_name=欧阳娜娜@欧阳娜娜"),
    ("我叫Tom Lee", "person_name=Tom Lee@Tom Lee"),
    ("my name is Jane Doe and I want a refund", "person_name=Jane Doe@Jane Doe"),
    ("my name is jane doe", "person_name=jane doe@jane doe"),
    ("this is Raj Patel, order 88213", "person_name=Raj Patel@Raj Patel|order_number=88213@88213"),
    ("it's under the name of Sarah O'Connor", "person_name=Sarah O'Connor@Sarah O'Connor"),
    ("I'm Kevin, I paid twice", "person_name=Kevin@Kevin|reason=double_payment@paid twice"),
    ("the account holder is Chen Lihua", "person_name=Chen Lihua@Chen Lihua"),
    (
        "dob 4/12/1988 name Kevin Brandt",
        "date=1988-12-04@4/12/1988|person_name=Kevin Brandt@Kevin Brandt",
    ),
    ("我叫人工", ""),
    ("我是高级会员", ""),
    ("我是买家", ""),
    ("this is ridiculous", ""),
    ("I am waiting", ""),
    ("I'm Chinese", ""),
    ("This is Unacceptable", ""),
]

AMOUNTS = [
    ("花了299元", "amount=299 CNY@299元"),
    ("￥１，２９９．００", "amount=1299 CNY@¥1,299.00"),
    ("二百九十九块九", "amount=299.9 CNY@二百九十九块九"),
    ("扣了299块9", "amount=299.9 CNY@299块9"),
    ("三块五毛", "amount=3.5 CNY@三块五毛"),
    ("五毛", "amount=0.5 CNY@五毛"),
    ("两百块钱", "amount=200 CNY@两百块钱"),
    ("三千五", "amount=3500@三千五"),
    ("付了三千五", "amount=3500@三千五"),
    ("花了一万二", "amount=12000@一万二"),
    ("付了二百九十九", "amount=299@二百九十九"),
    ("充了1万块", "amount=10000 CNY@1万块"),
    ("1.2万元", "amount=12000 CNY@1.2万元"),
    ("300u转错了", "amount=300 USDT@300u"),
    ("300刀", "amount=300 USD@300刀"),
    ("300 U", "amount=300 USDT@300 U"),
    ("退我500 USDT", "amount=500 USDT@500 USDT"),
    ("1.2k usdt", "amount=1200 USDT@1.2k usdt"),
    ("0.50 ETH", "amount=0.5 ETH@0.50 ETH"),
    ("299 rmb", "amount=299 CNY@299 rmb"),
    ("RMB300", "amount=300 CNY@RMB300"),
    ("RM50", "amount=50 MYR@RM50"),
    ("NT$500", "amount=500 TWD@NT$500"),
    ("US$1,000.50", "amount=1000.5 USD@US$1,000.50"),
    ("$20 please", "amount=20 USD@$20"),
    ("20 quid", "amount=20 GBP@20 quid"),
    ("£9.99 a month", "amount=9.99 GBP@£9.99"),
    ("twenty dollars", "amount=20 USD@twenty dollars"),
    ("two hundred and fifty euros", "amount=250 EUR@two hundred and fifty euros"),
    ("I paid 89.99 and got 71.99", "amount=89.99@89.99|amount=71.99@71.99"),
    ("you took $99 instead of $9.90", "amount=99 USD@$99|amount=9.9 USD@$9.90"),
    ("I was charged 49", "amount=49@49"),
    ("我付了298 只退了我260", "amount=298@298|amount=260@260"),
    ("iPhone自动扣了我68,我查了", "amount=68@68"),
    ("买贵了50能退差价不", "amount=50@50"),
    ("这一笔金额68元", "amount=68 CNY@68元"),
    ("充值100.00到账", "amount=100@100.00"),
    ("扣了我19.9，是你们吗", "amount=19.9@19.9"),
    ("我付了3天还没到", ""),
    ("试了5次", ""),
    ("还剩20%", ""),
    ("打8折", ""),
    ("等了30 days", ""),
    ("版本3.5", ""),
    ("2026年", "date=2026@2026年"),
    ("5分钟", ""),
    ("两块手表", ""),
    ("一块退", ""),
    ("I paid 3 times", ""),
    ("charged for 12 months", ""),
]

DATES = [
    ("昨天买的", "date=2026-11-24@昨天"),
    ("大前天", "date=2026-11-22@大前天"),
    ("上周五付的", "date=2026-11-20@上周五"),
    ("这周一", "date=2026-11-23@这周一"),
    ("上个月15号", "date=2026-10-15@上个月15号"),
    ("本月初", "date=2026-11-01/2026-11-10@本月初"),
    ("上个月底", "date=2026-10-21/2026-10-31@上个月底"),
    ("国庆前下的单", "date=../2026-09-30@国庆前"),
    ("双十一买的", "date=2026-11-11@双十一"),
    ("双11那天", "date=2026-11-11@双11"),
    ("春节买的", "date=2026-02-17@春节"),
    ("中秋节那天", "date=2026-09-25@中秋节"),
    ("去年国庆", "date=2025-10-01@去年国庆"),
    ("去年12月", "date=2025-12@去年12月"),
    ("前天晚上八点半扣的", "date=2026-11-23T20:30@前天晚上八点半"),
    ("昨晚8点", "date=2026-11-24T20:00@昨晚8点"),
    ("9月1号早上十点被扣的", "date=2026-09-01T10:00@9月1号早上十点"),
    ("二〇二六年九月一日", "date=2026-09-01@二〇二六年九月一日"),
    ("十二月二十一号", "date=2025-12-21@十二月二十一号"),
    ("2026年9月1日买的", "date=2026-09-01@2026年9月1日"),
    ("9.1号买的", "date=2026-09-01@9.1号"),
    ("9/1买的", "date=2026-09-01@9/1"),
    ("20260901买的", "date=2026-09-01@20260901"),
    ("9月1号到7号", "date=2026-09-01/2026-09-07@9月1号到7号"),
    ("三天前", "date=2026-11-22@三天前"),
    ("半个月前", "date=2026-11-10@半个月前"),
    ("上周", "date=2026-11-16/2026-11-22@上周"),
    ("下周三能到吗", "date=2026-12-02@下周三"),
    ("去年", "date=2025@去年"),
    ("5号退的，今天15号了", "date=2026-11-05@5号|date=2026-11-25@今天|date=2026-11-15@15号"),
    ("晚上八点半", "date=T20:30@晚上八点半"),
    ("last Tuesday", "date=2026-11-24@last Tuesday"),
    ("three days ago", "date=2026-11-22@three days ago"),
    ("a fortnight ago", "date=2026-11-11@a fortnight ago"),
    ("on the 15th", "date=2026-11-15@the 15th"),
    ("15/9", "date=2026-09-15@15/9"),
    ("on 03/04/2026", "date=2026-04-03@03/04/2026"),
    ("9/15/2026", "date=2026-09-15@9/15/2026"),
    ("2026/9/1", "date=2026-09-01@2026/9/1"),
    ("Sept 1st at 3pm", "date=2026-09-01T15:00@Sept 1st at 3pm"),
    ("on 12 May, 2025", "date=2025-05-12@12 May, 2025"),
    ("since 15 sept", "date=2026-09-15/..@since 15 sept"),
    ("before Christmas", "date=../2025-12-24@before Christmas"),
    ("from Sept 1 to Sept 7", "date=2026-09-01/2026-09-07@Sept 1 to Sept 7"),
    ("in September", "date=2026-09@September"),
    ("yesterday at 8:30pm", "date=2026-11-24T20:30@yesterday at 8:30pm"),
    ("last month", "date=2026-10@last month"),
    ("next Friday", "date=2026-11-27@next Friday"),
    ("on Black Friday last", "date=2025-11-28@Black Friday"),
    ("will it arrive on the 30th?", "date=2026-11-30@the 30th"),
    ("at 20:30", "date=T20:30@20:30"),
    ("昨晚十二点", "date=2026-11-25T00:00@昨晚十二点"),
    ("11月25号 9点05分", "date=2026-11-25T09:05@11月25号 9点05分"),
    ("农历八月十五", "date=2026-09-25@农历八月十五"),
    ("第三季度", "date=2026-07/2026-09@第三季度"),
    ("Monday last week", "date=2026-11-16@Monday last week"),
    ("half an hour ago", "date=2026-11-25T18:00@half an hour ago"),
    ("1-5 September", "date=2026-09-01/2026-09-05@1-5 September"),
    ("in 2023", "date=2023@2023"),
    ("a couple of weeks ago", "date=2026-11-11@a couple of weeks ago"),
    ("3天", ""),
    ("一周三次", ""),
    ("每个月15号", ""),
    ("for the 3rd time", ""),
    ("I may march on", ""),
    ("30 day guarantee", ""),
    ("24/7", ""),
    ("10/10 thanks", ""),
]

WORDS = [
    ("用支付宝付的", "payment_method=alipay@支付宝"),
    ("微信支付的", "payment_method=wechat_pay@微信支付"),
    ("paid with PayPal", "payment_method=paypal@PayPal"),
    ("by credit card", "payment_method=card@credit card"),
    ("信用卡尾号4242", "payment_method=card@信用卡|last_four=4242@4242"),
    ("card ending in 4242", "payment_method=card@card|last_four=4242@4242"),
    ("后四位是４２４２", "last_four=4242@4242"),
    ("Apple Pay", "payment_method=third_party@Apple Pay"),
    ("用微信登录的", ""),
    ("身份证后四位0023", ""),
    ("年卡", "plan=yearly@年卡"),
    ("连续包月", "plan=monthly@连续包月"),
    ("the monthly plan", "plan=monthly@monthly"),
    ("my annual subscription", "plan=yearly@annual"),
    ("买了半年卡", "plan=half_yearly@半年卡"),
    ("季卡", "plan=quarterly@季卡"),
    ("终身会员", "plan=lifetime@终身"),
    ("free trial", "plan=trial@trial"),
    ("误操作", "reason=wrong_operation@误操作"),
    ("我点错了", "reason=wrong_operation@点错"),
    ("I accidentally bought it", "reason=wrong_operation@accidentally"),
    ("重复扣款", "reason=double_payment@重复扣款"),
    ("I was charged twice", "reason=double_payment@charged twice"),
    ("没收到货", "reason=not_received@没收到货"),
    ("没收到退款", ""),
    ("the parcel never arrived", "reason=not_received@never arrived"),
    ("不满意", "reason=dissatisfaction@不满意"),
    ("快连的会员", "brand=kuailian@快连"),
    ("比特派钱包", "brand=bitpie@比特派"),
    ("Bitpie wallet", "brand=bitpie@Bitpie"),
]


def told(facts: list) -> list[str]:
    return [
        f"{fact.kind}={fact.value}@{normalise(fact.text).text}"
        for fact in facts
        if not fact.rejected
    ]


@pytest.mark.parametrize(("message", "facts"), [*NUMBERS, *CONTACTS, *AMOUNTS, *DATES, *WORDS])
def test_the_facts_of_a_message(pipeline: Language, message: str, facts: str) -> None:
    found = read_facts(pipeline, message, now=NOW)
    assert told(found) == [fact for fact in facts.split("|") if fact]


@pytest.mark.parametrize(
    ("message", "kept", "rejected"),
    [
        ("不是KL001是KL002", "KL002", "KL001"),
        ("不是订单KL001而是KL002", "KL002", "KL001"),
        ("尾号是0018不是0081", "0018", "0081"),
        ("KL001打错了，应该是KL002", "KL002", "KL001"),
        ("not KL001 but KL002", "KL002", "KL001"),
        ("it's KL002, not KL001", "KL002", "KL001"),
        ("KL001... sorry, KL002", "KL002", "KL001"),
        ("order KL001, no wait, KL002", "KL002", "KL001"),
        ("9 September rather than the 6th", "2026-09-09", "2026-11-06"),
        ("尾号不是0081，是0018", "0018", "0081"),
        ("ending in 0018, not 0081", "0018", "0081"),
        ("我付的不是299元，是399元", "399 CNY", "299 CNY"),
    ],
)
def test_what_is_taken_back_is_marked(
    pipeline: Language, message: str, kept: str, rejected: str
) -> None:
    found = read_facts(pipeline, message, now=NOW)
    assert [fact.value for fact in found if not fact.rejected] == [kept]
    assert [fact.value for fact in found if fact.rejected] == [rejected]


def test_two_orders_are_both_meant_when_neither_is_taken_back(pipeline: Language) -> None:
    found = read_facts(pipeline, "KL001和KL002都要退", now=NOW)
    assert [(fact.value, fact.rejected) for fact in found] == [("KL001", False), ("KL002", False)]


def test_a_question_takes_nothing_back(pipeline: Language) -> None:
    found = read_facts(pipeline, "您看是不是这个号：20260914-5521", now=NOW)
    assert [(fact.value, fact.rejected) for fact in found] == [("20260914-5521", False)]


def test_several_facts_in_one_message(pipeline: Language) -> None:
    message = (
        "我上周三晚上9点在快连用支付宝花了二百九十九块买的年卡，"
        "订单KL20260901001，手机13800138000，我叫李雷"
    )
    found = read_facts(pipeline, message, now=NOW)
    assert [(fact.kind, fact.value) for fact in found] == [
        ("date", "2026-11-18T21:00"),
        ("brand", "kuailian"),
        ("payment_method", "alipay"),
        ("amount", "299 CNY"),
        ("plan", "yearly"),
        ("order_number", "KL20260901001"),
        ("phone", "+8613800138000"),
        ("person_name", "李雷"),
    ]


def test_places_are_those_of_the_message_as_it_was_written(pipeline: Language) -> None:
    message = "订\u200b单：ＫＬ２０２６０９０１００１，花了２９９元\u202e"
    found = read_facts(pipeline, message, now=NOW)
    assert [message[fact.start : fact.end] for fact in found] == [
        "ＫＬ２０２６０９０１００１",
        "２９９元",
    ]


def test_facts_do_not_overlap(pipeline: Language) -> None:
    for message, _ in [*NUMBERS, *CONTACTS, *AMOUNTS, *DATES, *WORDS]:
        found = read_facts(pipeline, message, now=NOW)
        for one, other in itertools.pairwise(found):
            assert one.end <= other.start


LONG = 4000
PIECES = (
    *(
        "a",
        "1",
        "1 ",
        "1,",
        "1-",
        "a1",
        "A-",
        "一",
        "十百",
        "-",
        " ",
        "@",
        "a@",
        "a.",
        "*",
        "x ",
        "(",
    ),
    *("9月", "1:", "+1 ", "¥", "1.1", "9.1 ", "昨天", "last ", "299元", "sorry ", "not ", "不是"),
    *(
        "我叫",
        "my name is ",
        "Jane ",
        "twenty ",
        "0x",
        "尾号",
        "ending ",
        "order ",
        "订单号",
        "PNR ",
    ),
    *("KL001 ", "12345678 ", "0000000 ", "private key ", "付了", "paid ", "\0", "\u202e", "电话1 "),
    *("RF-A ", "快递单号1 ", "a@a.", "12/12/", "上个", "2026-", "three hundred ", "I am ", "\n"),
    *(
        "1.000",
        "€1 000 ",
        "9点到",
        "between 2 and ",
        "before 6pm ",
        "3-5号",
        "— A ",
        "谢谢\n",
        "I, A ",
    ),
    *(
        "登记的是",
        "wife's name, ",
        "不是01是",
        "not 00000 but ",
        "12-month ",
        "1,00,",
        "half an hour ",
        "3-ab-",
        "1-abc ",
        "last four of my card ",
        "名字不是李雷,是",
        "name is Jon, not ",
        "refund for my parcel never came ",
        "钱一直没收到",
        "第三方",
        "几百",
    ),
)


@pytest.mark.parametrize("piece", PIECES)
def test_no_message_takes_long(pipeline: Language, piece: str) -> None:
    """Each expression starts at few places and goes on for a bounded way; so it is linear."""
    message = (piece * LONG)[:LONG]
    for tail in ("", "!", "@", "1"):
        started = time.perf_counter()
        read_facts(pipeline, message[: LONG - 1] + tail, now=NOW)
        assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "message",
    [
        "",
        " ",
        "\0",
        "\0\0订单\0",
        "\u202e\u202d",
        "\ud800",
        "9999年99月99日",
        "2月30号",
        "0/0/0000",
        "31/2/2026",
        "99:99",
        "¥",
        "万",
        "百万亿",
        "点点点",
        "两千年前",
        "9999 years ago",
        "9999天后",
        "36500年后",
        "²³元",
        "٣٤٥元",
        "①元",
        "½元",
        "1" * 60 + "元",
        "九" * 12 + "元",
        "+" + "1" * 30,
        "the 0th",
        "农历十三月三十号",
        "0月0号",
        "Q9 2026",
        "𝟑𝟎𝟎元",
    ],
)
def test_nonsense_is_survived(pipeline: Language, message: str) -> None:
    for fact in read_facts(pipeline, message, now=NOW):
        assert fact.value
        assert 0 <= fact.start < fact.end <= len(message)


def test_two_hundred_numbers_are_all_told_apart(pipeline: Language) -> None:
    numbers = [f"KL20260901{index:03}" for index in range(200)]
    found = read_facts(pipeline, "，".join(numbers), now=NOW)
    assert [fact.value for fact in found] == numbers


@given(
    st.text(
        alphabet=st.sampled_from(
            "0123456789年月日号点元块¥$.,:/-+ 上下个周一二三十百千万不是我叫 aApPmM@"
        ),
        max_size=60,
    )
)
@settings(max_examples=300, deadline=None)
def test_any_mixture_is_read_without_a_fault(pipeline: Language, message: str) -> None:
    found = read_facts(pipeline, message, now=NOW)
    assert all(fact.value and message[fact.start : fact.end] for fact in found)


def test_the_text_of_a_fact_is_as_it_was_written(pipeline: Language) -> None:
    (fact,) = read_facts(pipeline, "訂單ＫＬ２０２６０９０１００１", now=NOW)
    assert (fact.value, fact.text) == ("KL20260901001", "ＫＬ２０２６０９０１００１")
