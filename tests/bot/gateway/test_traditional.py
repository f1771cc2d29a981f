"""Traditional Chinese: every text of the desk reads well in it, and who writes it is told."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from opencc import OpenCC

from bot.gateway import words
from bot.gateway.redaction.marks import MARK, NAMES, WORDING
from bot.gateway.traditional import EXCEPTIONS, script_of, traditional

ROOT = Path(__file__).resolve().parents[3]
HAN = re.compile(r"[\u3400-\u9fff]")
TABLE = yaml.safe_load(EXCEPTIONS.read_text("utf-8"))
READ_BACK = OpenCC("tw2s").convert


def texts_in(node: object) -> Iterator[str]:
    """Every Chinese text in YAML or in nested mappings."""
    if isinstance(node, str):
        if HAN.search(node):
            yield node
    elif hasattr(node, "values"):
        for value in node.values():
            yield from texts_in(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from texts_in(value)


def written_in(folder: str) -> Iterator[str]:
    """Every Chinese string in the code of a folder: what answers are put together from."""
    for module in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Constant):
                yield from texts_in(node.value)


RESPONSES = list(texts_in(yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["responses"]))
GATEWAY = list(texts_in({k: v for k, v in vars(words).items() if k.isupper()}))
BRANDS = [
    text
    for file in sorted((ROOT / "actions/policy/brands").glob("*.yml"))
    for text in texts_in(yaml.safe_load(file.read_text("utf-8")))
]
SAID = sorted({*RESPONSES, *GATEWAY, *BRANDS})
PARTS = sorted({*written_in("actions/domain"), *written_in("actions/policy")})


def other_than_han(text: str) -> list[str]:
    """What no script changes: placeholders, numbers, Latin words, in order."""
    return re.findall(r"{\w+}|[!-~]+", text)


def not_traditional(text: str) -> str:
    """The Chinese characters that Traditional Chinese, as Big5 has it, does not write."""
    return "".join(c for c in HAN.findall(text) if not c.encode("big5", errors="ignore"))


def test_there_are_texts_to_look_at() -> None:
    assert min(len(RESPONSES), len(GATEWAY), len(BRANDS)) > 40


def test_nothing_of_what_the_desk_says_stays_simplified() -> None:
    left = {text: not_traditional(traditional(text)) for text in [*SAID, *PARTS]}
    assert {text: characters for text, characters in left.items() if characters} == {}


def test_placeholders_numbers_and_latin_words_stay_as_they_are() -> None:
    changed = [t for t in SAID if other_than_han(traditional(t)) != other_than_han(t)]
    assert changed == []


def test_only_the_script_changes_and_the_words_of_the_table() -> None:
    """Read back it is the same text: nobody has changed a clause's words on the way."""
    for text in SAID:
        expected = text
        for simplified, written in {**TABLE["shapes"], **TABLE["words"]}.items():
            expected = expected.replace(simplified, READ_BACK(written))
        assert READ_BACK(traditional(text)) == expected


@pytest.mark.parametrize(
    ("simplified", "written"), [*TABLE["shapes"].items(), *TABLE["words"].items()]
)
def test_each_exception_is_one_and_holds_in_a_sentence(simplified: str, written: str) -> None:
    assert OpenCC("s2tw").convert(simplified) != written
    assert traditional(f"请看{simplified}这里") == f"請看{written}這裡"


@pytest.mark.parametrize(
    ("simplified", "written"),
    [
        ("只有一只猫，只能用一次", "只有一隻貓，只能用一次"),
        ("以后、然后、皇后", "以後、然後、皇后"),
        ("这里、邮箱里、公里", "這裡、郵箱裡、公里"),
        ("干扰、干净、干活", "干擾、乾淨、幹活"),
        ("上面的页面、面条", "上面的頁面、麵條"),
        ("平台、后台、柜台、台湾", "平台、後台、櫃台、台灣"),
        ("账户、账号、账单、到账、转账", "帳戶、帳號、帳單、到帳、轉帳"),
        ("帐号", "帳號"),
        ("由发卡银行退回，已经发给您", "由發卡銀行退回，已經發給您"),
        ("回复、恢复、重复、复杂、复核", "回覆、恢復、重複、複雜、複核"),
        ("联系、系统、没关系", "聯繫、系統、沒關係"),
        ("一并退还，并附上凭证", "一併退還，並附上憑證"),
        ("批准后准备退款", "批准後準備退款"),
        ("已注销，请注意备注", "已註銷，請注意備註"),
        ("周末、周围", "週末、周圍"),
        ("订单的退款、支付和验证码", "訂單的退款、支付和驗證碼"),
        ("邮箱里的视频", "郵箱裡的影片"),
        ("人工审核、不支持、拒绝代码", "人工審核、不支持、拒絕代碼"),
        ("助记词、私钥、密码", "助記詞、私鑰、密碼"),
        ("登录信息", "登入資訊"),
        ("随时说“转人工”。", "隨時說「轉人工」。"),
        ("才能核实", "才能核實"),
    ],
)
def test_what_one_character_or_another_could_stand_for_is_told_apart(
    simplified: str, written: str
) -> None:
    assert traditional(simplified) == written


@pytest.mark.parametrize(
    "kept",
    [
        "KL20260901001",
        "RF-7K2M9QW4XA",
        "0x9f2c4b7de1",
        "li.lei+vpn@example.com",
        "l***i@example.com",
        "https://refund.example/track/RF-7K2M9QW4XA?a=1&b=2",
        "{order_number}",
        "299.00 USDT",
        "比特派",
        "微信支付",
        "VPN",
    ],
)
def test_numbers_addresses_and_names_are_not_touched(kept: str) -> None:
    assert traditional(kept) == kept
    assert traditional(f"订单 {kept} 已退款。") == f"訂單 {kept} 已退款。"


def test_a_brands_chinese_name_is_the_same_name_in_the_other_script() -> None:
    assert traditional("快连VPN、支付宝") == "快連VPN、支付寶"


def test_what_is_traditional_already_stays_so() -> None:
    once = traditional("请把账单里的订单号发给我")
    assert traditional(once) == once


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("請問退款進度", "Hant"),
        ("我要退錢", "Hant"),
        ("謝謝", "Hant"),
        ("這個 subscription 我想 cancel", "Hant"),
        ("後台的帳號登入不了", "Hant"),
        ("我在台灣，麻煩退費", "Hant"),
        ("群組裡有人說可以退", "Hant"),
        ("唔該，幾時退到錢", "Hant"),
        ("请问退款进度", "Hans"),
        ("我想refund一下这个订单", "Hans"),
        ("谢谢", "Hans"),
        ("我叫陳大文，这个订单我不想要了，请退款", "Hans"),
        ("我要退款", None),
        ("你好", None),
        ("可以", None),
        ("什么", None),
        ("群里", None),
        ("快连VPN", None),
        ("快連VPN 退款", None),
        ("支付寶", None),
        ("KL20260901001", None),
        ("li@example.com", None),
        ("I want a refund", None),
        ("王珺瑄", None),
        ("请請", None),
        ("👍", None),
        ("", None),
    ],
)
def test_a_message_shows_its_script_or_could_be_either(text: str, script: str | None) -> None:
    assert script_of(text) == script


def test_marks_of_what_was_hidden_are_written_in_both_scripts() -> None:
    for names in NAMES.values():
        assert names["zh-Hant"] == traditional(names["zh"])
    assert WORDING["zh-Hant"] == tuple(map(traditional, WORDING["zh"]))
    assert MARK.fullmatch("[助記詞已隱藏]")
    assert MARK.fullmatch("[銀行卡號已隱藏，尾號 4242]")
