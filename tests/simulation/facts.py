"""A customer's facts as they would say them: order, address, and how it was paid.

Knows which facts are given wrong first. Leaves the sentence around a fact to ``speech``.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.simulation.people import ZONE, Cast, Order
from tests.simulation.personas import Persona

METHODS: Mapping[str, Mapping[str, str]] = {
    "card": {"zh": "银行卡", "en": "card", "mixed": "visa 卡", "hant": "信用卡"},
    "alipay": {"zh": "支付宝", "en": "Alipay", "mixed": "支付宝", "hant": "支付寶"},
    "wechat_pay": {"zh": "微信", "en": "WeChat Pay", "mixed": "微信 pay", "hant": "微信支付"},
    "paypal": {"zh": "PayPal", "en": "PayPal", "mixed": "paypal", "hant": "PayPal"},
    "crypto": {"zh": "USDT", "en": "crypto", "mixed": "crypto", "hant": "加密貨幣"},
    "third_party": {
        **{"zh": "第三方支付", "en": "Apple Pay", "mixed": "apple pay", "hant": "第三方支付"},
    },
}
_MONTHS = "January February March April May June July August September October November December"
_CARD_HINT = {"zh": "尾号{}", "en": "ending in {}", "mixed": "尾号 {}", "hant": "末四碼{}"}
_UNIT = {"zh": "元", "mixed": "元", "hant": "元"}


class Facts:
    """What one customer knows, and which of it still comes out wrong."""

    def __init__(self, cast: Cast, persona: Persona, language: str, random: Random) -> None:
        self._cast, self._language, self._random = cast, language, random
        self._to_be_wrong = set(persona.wrong_first)
        self.wrong: set[str] = set()
        """Facts that have been given wrong and not been put right."""

    def misgives(self, fact: str) -> bool:
        """Whether it comes out wrong this time; the next time it is right."""
        if fact not in self._to_be_wrong:
            self.wrong.discard(fact)
            return False
        self._to_be_wrong.discard(fact)
        self.wrong.add(fact)
        return True

    def order(self, order: Order) -> str:
        """The number."""
        if self.misgives("order"):
            last = order.number[-1]
            return order.number[:-1] + ("7" if last != "7" else "3")
        return order.number

    def email(self, address: str) -> str:
        """The account's address."""
        if self.misgives("email"):
            name, _, host = address.partition("@")
            return f"{name[:-1]}@{host}"
        return address

    def code(self, code: str) -> str:
        """The code that was mailed."""
        if self.misgives("code"):
            return f"{(int(code) + self._random.randint(1, 999_998)) % 1_000_000:06d}"
        return code

    def payment(self, order: Order) -> dict[str, str]:
        """How it was paid, in the customer's words."""
        hint = order.hint
        if self.misgives("payment"):
            hint = hint[:-4] + f"{(int(hint[-4:]) + 1111) % 10000:04d}" if _ends(hint) else "4***9"
        card = order.method == "card"
        return {
            "method": METHODS[order.method][self._language],
            "hint": _CARD_HINT[self._language].format(hint) if card else hint,
            "day": self._day(order),
            "amount": self._amount(order),
        }

    def _day(self, order: Order) -> str:
        assert order.paid_at is not None
        day = order.paid_at.astimezone(ZONE).date()
        if self._language == "en":
            return f"{day.day} {_MONTHS.split()[day.month - 1]}"
        return f"{day.month}月{day.day}{'號' if self._language == 'hant' else '号'}"

    def _amount(self, order: Order) -> str:
        text, currency = order.money.decimal_text(), order.money.currency
        if currency == "CNY" and self._language != "en":
            return text + _UNIT[self._language]
        return f"{text} {currency}"


def _ends(hint: str) -> bool:
    return hint[-4:].isdigit()
