"""What people call money: 块, 刀, quid, u; and the code that is meant."""

_SAID = {
    "CNY": "¥ cny rmb yuan kuai 元 圆 元整 块 块钱 块大洋 人民币 大洋 元人民币",
    "USD": "$ us$ usd 美元 美金 美刀 刀 刀乐 dollar dollars buck bucks",
    "HKD": "hk$ hkd 港币 港元 港纸 蚊",
    "TWD": "nt$ ntd twd 台币 新台币",
    "SGD": "s$ sgd 新币 新加坡元",
    "AUD": "a$ au$ aud 澳元 澳币",
    "CAD": "c$ ca$ cad 加元 加币",
    "EUR": "€ eur euro euros 欧元 欧",
    "GBP": "£ gbp pound pounds quid 英镑 镑",
    "JPY": "jpy yen 日元 日币",
    "KRW": "₩ krw won 韩元 韩币",
    "MYR": "rm myr ringgit 马币 令吉 林吉特",
    "INR": "₹ rs inr rupee rupees 卢比",
    "THB": "฿ thb baht 泰铢",
    "VND": "₫ vnd 越南盾",
    "RUB": "₽ rub ruble rubles 卢布",
    "BRL": "r$ brl reais 雷亚尔",
    "CHF": "chf 瑞士法郎 瑞郎",
    "NGN": "₦ ngn naira 奈拉",
    "PHP": "₱ php peso pesos 比索",
    "PLN": "zł pln zloty",
    "AED": "aed dirham dirhams 迪拉姆",
    "TRY": "₺ try lira 里拉",
    "SEK": "sek kronor",
    "MXN": "mxn",
    "GHS": "ghs cedi cedis",
    "KES": "kes",
    "IDR": "idr rp rupiah 印尼盾",
    "NZD": "nz$ nzd 纽币",
    "ZAR": "zar rand",
    "MOP": "mop 澳门元",
    "USDT": "usdt u tether 泰达币 ₮",
    "USDC": "usdc",
    "BTC": "btc bitcoin bitcoins 比特币 ₿",
    "ETH": "eth ether ethereum 以太坊 以太币 以太",
    "TRX": "trx 波场币",
    "BNB": "bnb",
    "SOL": "sol",
    "DOGE": "doge 狗狗币",
    "LTC": "ltc 莱特币",
}
_DOLLARS = {"Hong Kong": "HKD", "Singapore": "SGD", "Australian": "AUD", "Canadian": "CAD"}
_DOLLARS |= {"New Zealand": "NZD", "American": "USD", "US": "USD", "Taiwan": "TWD"}

CURRENCIES = {word: code for code, words in _SAID.items() for word in words.split()}
CURRENCIES |= {f"{land} dollars".lower(): code for land, code in _DOLLARS.items()}
"""A word or sign for money -> the code that is meant."""
