"""Sums, names, terms and corrections in other words, in both languages."""

from collections.abc import Callable

import pytest

SUMS = [
    ("charged 1.299,00 €", "amount=1299 EUR@1.299,00 €"),
    ("€1.099,00 for a lamp", "amount=1099 EUR@€1.099,00"),
    ("€1,299.00", "amount=1299 EUR@€1,299.00"),
    ("49,99 EUR", "amount=49.99 EUR@49,99 EUR"),
    ("R$ 89,90 por favor", "amount=89.9 BRL@R$ 89,90"),
    ("49,99 zł", "amount=49.99 PLN@49,99 zł"),
    ("500.000₫", "amount=500000 VND@500.000₫"),
    ("1 200,50 € of rent", "amount=1200.5 EUR@1 200,50 €"),
    ("5000₦", "amount=5000 NGN@5000₦"),
    ("₱1,500", "amount=1500 PHP@₱1,500"),
    ("฿1200", "amount=1200 THB@฿1200"),
    ("300HK$", "amount=300 HKD@300HK$"),
    ("A$50", "amount=50 AUD@A$50"),
    ("50$ please", "amount=50 USD@50$"),
    ("40 Canadian dollars", "amount=40 CAD@40 Canadian dollars"),
    ("I spent 2 grand", "amount=2000@2 grand"),
    ("1.5 lakh rupees", "amount=150000 INR@1.5 lakh rupees"),
    ("₹1,50,000", "amount=150000 INR@₹1,50,000"),
    ("99p", "amount=0.99 GBP@99p"),
    ("299rmb", "amount=299 CNY@299rmb"),
    ("50eur", "amount=50 EUR@50eur"),
    ("USD50", "amount=50 USD@USD50"),
    ("充了2.5w", "amount=25000@2.5w"),
    ("付了1.5万", "amount=15000@1.5万"),
    ("1万2的学费", "amount=12000@1万2"),
    ("退了我3k", "amount=3000@3k"),
    ("存了十万,取不出来", "amount=100000@十万"),
    ("刚买的,四百", "amount=400@四百"),
    ("我付的€59,10月12日", "amount=59 EUR@€59|date=2026-10-12@10月12日"),
    ("尾号0517,23块", "last_four=0517@0517|amount=23 CNY@23块"),
    ("I bought 3, returned 2, where is it", ""),
    ("1080p video", ""),
]

NAMES = [
    ("I want it back.\nRegards, Tom Whittaker", "Tom Whittaker"),
    ("Please fix it. — Li Na", "Li Na"),
    ("Many thanks,\nMaria Lopez", "Maria Lopez"),
    ("the account in the name of Peter Schmidt", "Peter Schmidt"),
    ("under my wife's name, Anna Kowalska", "Anna Kowalska"),
    ("I, Eleanor Whitfield, paid", "Eleanor Whitfield"),
    ("Thats Ahmed Khan here", "Ahmed Khan"),
    ("请处理。此致\n王芳", "王芳"),
    ("此致敬礼\n李雷", "李雷"),
    ("落款:王芳", "王芳"),
    ("请尽快处理。王芳敬上", "王芳"),
    ("请退款,谢谢!\n——李雷", "李雷"),
    ("户名张三", "张三"),
    ("收款人王芳", "王芳"),
    ("账户持有人马超", "马超"),
    ("号主唐糖", "唐糖"),
    ("登记的是王芳的名字", "王芳"),
    ("用的是我老婆的名字,叫李娜", "李娜"),
    ("在我妈名下,张桂芳", "张桂芳"),
]

NOBODY = [
    "Hi Anna, where is my refund",
    "Dear Tom Whittaker, where is it",
    "Thanks Anna",
    "Anna from support told me",
    "booked under my husband's name",
    "客服李雷跟我说",
    "你好李雷",
    "谢谢王芳",
    "谢谢\n谢谢",
    "马上",
    "名字写错了",
    "用我的名字登记的",
]

PLANS = [
    ("my 12-month contract", "yearly@12-month"),
    ("6-month subscription", "half_yearly@6-month"),
    ("3-month plan", "quarterly@3-month"),
    ("billed per year", "yearly@per year"),
    ("a year's subscription", "yearly@a year"),
    ("annual", "yearly@annual"),
    ("12个月的合约", "yearly@12个月"),
    ("6个月会员", "half_yearly@6个月"),
    ("三个月套餐", "quarterly@三个月"),
    ("一年的套餐", "yearly@一年"),
    ("年费会员", "yearly@年费"),
    ("连续包月", "monthly@连续包月"),
    ("订了一年,不想要了", "yearly@一年"),
]

NO_PLAN = ["waited 3 months", "a 24-month contract", "等了3个月", "两年套餐", "用了半年的手机"]

CORRECTED = [
    ("not 001 but 002", "!order_number=001@001|order_number=002@002"),
    ("I said KL001, it's really KL002", "!order_number=KL001@KL001|order_number=KL002@KL002"),
    ("I never paid $128, I paid $28", "!amount=128 USD@$128|amount=28 USD@$28"),
    ("the weekly plan is wrong, it's annual", "!plan=weekly@weekly|plan=yearly@annual"),
    ("my name is not Jon Smith", "!person_name=Jon Smith@Jon Smith"),
    ("不是001233,是001234", "!order_number=001233@001233|order_number=001234@001234"),
    ("尾号1234说错了,是4321", "!last_four=1234@1234|last_four=4321@4321"),
    ("KL001打错了应该是KL002", "!order_number=KL001@KL001|order_number=KL002@KL002"),
    ("我不叫王明,我叫王朋", "!person_name=王明@王明|person_name=王朋@王朋"),
    ("没有买终身,只买了季卡", "!plan=lifetime@终身|plan=quarterly@季卡"),
    ("不是我误点的", "!reason=wrong_operation@误点"),
    ("我没付过299元", "amount=299 CNY@299元"),
    ("十点后别打 邮箱 a@b.com", "date=T10:00/..@十点后|email=a@b.com@a@b.com"),
]


@pytest.mark.parametrize(("message", "facts"), [*SUMS, *CORRECTED])
def test_the_facts_of_a_message(told: Callable[[str], str], message: str, facts: str) -> None:
    assert told(message) == facts


@pytest.mark.parametrize(("message", "name"), NAMES)
def test_a_name_is_told_by_where_it_stands(
    told: Callable[[str], str], message: str, name: str
) -> None:
    assert told(message) == f"person_name={name}@{name}"


@pytest.mark.parametrize(("message", "plan"), PLANS)
def test_a_length_of_time_is_a_term_where_it_is_bought(
    told: Callable[[str], str], message: str, plan: str
) -> None:
    assert told(message) == f"plan={plan}"


@pytest.mark.parametrize("message", [*NOBODY, *NO_PLAN])
def test_what_only_looks_like_one_is_no_fact(told: Callable[[str], str], message: str) -> None:
    assert told(message) == ""
