"""Secrets in the sentences that customers write: each is hidden, and all of it."""

from __future__ import annotations

import base64
import json
import unicodedata

import pytest

from bot.gateway.redaction import Kind, find, redact
from tests.bot.gateway.redaction import dummies, sentences

LANGUAGES, words = dummies.LANGUAGES, dummies.words


def hidden(text: str, secret: str, kind: Kind) -> str:
    """The text without the secret; fails if anything of it is left or it is called otherwise."""
    found = find(text)
    assert kind in found.kinds, text
    left = found.hidden("zh")
    assert secret not in left, left
    return left


def no_words_of(secret: list[str], left: str) -> None:
    survivors = [word for word in secret if word in left.split()]
    assert survivors == [], left


# --- recovery phrases ----------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(sentences.PHRASES)))
@pytest.mark.parametrize("length", [12, 24])
def test_a_phrase_is_hidden_in_every_sentence(number: int, length: int) -> None:
    secret = words(length, seed=number)
    left = hidden(sentences.PHRASES[number].format(" ".join(secret)), secret[3], Kind.PHRASE)
    no_words_of(secret, left)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("length", dummies.ENTROPY_BYTES)
def test_phrases_of_every_language_and_length_are_hidden_without_a_word_about_them(
    language: str, length: int
) -> None:
    secret = words(length, language)
    assert redact("~ " + " ".join(secret) + " ~", "zh") == "~ [助记词已隐藏] ~"


SEPARATORS = [" ", "\u3000", ", ", ",", "、", "，", "\n", " | ", "|", "-", " - ", "/", " / ", ";\n"]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("language", ["english", "chinese_simplified", "japanese", "korean"])
def test_all_separators_are_seen_through(separator: str, language: str) -> None:
    secret = words(language=language)
    assert redact(separator.join(secret), "en") == "[recovery phrase removed]"


@pytest.mark.parametrize(
    "style",
    ["{n}. {w} ", "{n}) {w}\n", "{n}、{w} ", "({n}){w} ", "{n}:{w}, ", "#{n} {w} ", "第{n}个 {w} ",
     "word {n}: {w} ", "{n}{w} ", "{w}{n} ", "'{w}' ", "“{w}” ",
     "「{w}」", "- {w}\n", "{n}.{w}<br>"],
)  # fmt: skip
def test_numbering_and_quotes_are_seen_through(style: str) -> None:
    secret = words()
    text = "".join(style.format(n=n, w=word) for n, word in enumerate(secret, 1))
    left = redact("开头 " + text, "zh")
    assert not any(word in left for word in secret), left


def test_circled_numbers_are_seen_through() -> None:
    secret = words(language="spanish")
    text = "".join(f"{chr(0x2460 + n)}{word}" for n, word in enumerate(secret))
    assert not any(word in redact(text, "zh") for word in secret)


@pytest.mark.parametrize("form", ["NFC", "NFKD"])
@pytest.mark.parametrize("language", ["spanish", "french", "japanese", "korean", "czech"])
def test_accents_and_syllables_may_be_composed_or_not(form: str, language: str) -> None:
    text = unicodedata.normalize(form, " ".join(words(24, language)))  # type: ignore[arg-type]
    assert redact(f"= {text} =", "en") == "= [recovery phrase removed] ="


def test_spanish_words_without_their_accents_are_known() -> None:
    text = unicodedata.normalize("NFKD", " ".join(words(24, "spanish", 5)))
    bare = "".join(char for char in text if not unicodedata.combining(char))
    assert redact(bare, "en") == "[recovery phrase removed]"


@pytest.mark.parametrize(
    "written",
    [
        " ".join(words()).upper(),
        " ".join(words()).title(),
        dummies.full_width(" ".join(words())),
        " ".join("\u200b".join(word) for word in words()),
        " ".join("\u2060".join(word) + "\ufeff" for word in words()),
        "\u202e" + " \u200d".join(words()),
    ],
)
def test_case_full_width_and_invisible_characters_hide_nothing(written: str) -> None:
    left = redact(written, "zh")
    assert left.strip("\u202e\u200d\u200b\ufeff") == "[助记词已隐藏]"


def test_a_wrong_checksum_is_no_escape_beside_words_that_say_what_it_is() -> None:
    wrong = dummies.invalid()
    assert find(" ".join(wrong)).spans == []
    for said in ("我的助记词：{}", "seed phrase: {}", "{} ← 助记词", "mnemonic {}"):
        no_words_of(wrong, redact(said.format(" ".join(wrong)), "zh"))


@pytest.mark.parametrize("places", [(0,), (5,), (11,), (3, 8), (0, 6), (4, 5)])
def test_one_or_two_misspelt_words_are_no_escape_beside_such_words(places: tuple[int, ...]) -> None:
    secret = words(seed=9)
    for place in places:
        secret[place] = secret[place][:2] + "qx" + secret[place][2:]
    for said in ("我的助记词是 {}", "my recovery phrase is {}", "seed: {}"):
        no_words_of(secret, redact(said.format(" ".join(secret)), "zh"))


@pytest.mark.parametrize(
    "said",
    ["助记词前半部分：{}", "seed phrase: {}", "the first words of my seed phrase are {}",
     "助记词是 {}", "我的恢复词如下 {}"],
)  # fmt: skip
def test_half_a_phrase_right_after_such_words_is_hidden(said: str) -> None:
    half = words(seed=4)[:6]
    no_words_of(half, redact(said.format(" ".join(half)), "zh"))


@pytest.mark.parametrize("language", ["chinese_simplified", "chinese_traditional"])
@pytest.mark.parametrize("said", ["助记词：{}", "助记词是{}", "我的助记词：“{}”", "恢复词{}：帮我"])
def test_chinese_words_without_separators_are_hidden_where_they_are_announced(
    language: str, said: str
) -> None:
    secret = "".join(words(language=language, seed=11))
    if "{}：" in said:
        said = said.replace("{}：帮我", "：{}")
    left = redact(said.format(secret), "zh")
    assert secret[:4] not in left
    assert secret[-4:] not in left


def test_chinese_words_without_separators_and_not_announced_are_a_sentence() -> None:
    assert find("".join(words(language="chinese_simplified"))).spans == []


def test_two_phrases_in_one_message_are_both_hidden() -> None:
    first, second = words(seed=21), words(24, seed=22)
    left = redact(f"旧的 {' '.join(first)} 新的 {' '.join(second)} 谢谢", "zh")
    assert left == "旧的 [助记词已隐藏] 新的 [助记词已隐藏] 谢谢"


# --- private keys --------------------------------------------------------------------------

CHECKED = [
    dummies.wif(1),
    dummies.wif(2, compressed=False),
    dummies.extended(),
    dummies.extended("049d7878"),
    dummies.extended("04b2430c"),
]


@pytest.mark.parametrize("sentence", sentences.CHECKED_KEYS)
@pytest.mark.parametrize("key", range(len(CHECKED)))
def test_keys_with_a_checksum_are_hidden_wherever_they_stand(sentence: str, key: int) -> None:
    left = hidden(sentence.format(CHECKED[key]), CHECKED[key][10:30], Kind.KEY)
    assert left == sentence.format("[私钥已隐藏]")


def test_the_dummies_look_like_the_real_thing() -> None:
    assert [key[:1] for key in CHECKED[:2]] in (["K", "5"], ["L", "5"])
    assert [key[:4] for key in CHECKED[2:]] == ["xprv", "yprv", "zprv"]


@pytest.mark.parametrize("sentence", sentences.CUED_KEYS)
@pytest.mark.parametrize("before", ["", "0x"])
def test_hexadecimal_digits_are_a_key_beside_words_that_say_so(sentence: str, before: str) -> None:
    key = dummies.raw_key()
    hidden(sentence.format(before + key), key[:20], Kind.KEY)
    hidden(sentence.format(before + key.upper()), key[:20].upper(), Kind.KEY)


@pytest.mark.parametrize(
    "sentence",
    ["{}", "0x{}", "交易哈希 {}", "订单号 0x{} 要退款", "txid: {}", "my order is {}", "转错了 {}",
     "tx {} 私钥没给任何人", "别说私钥了，订单号是 {}", "private key 我不给，交易ID：{}",
     "客服要我的私钥，我没给。交易哈希：{}"],
)  # fmt: skip
def test_a_bare_transaction_hash_is_an_order_number(sentence: str) -> None:
    assert find(sentence.format(dummies.raw_key(3))).spans == []


def test_a_key_with_a_typing_error_is_hidden_beside_such_words_only() -> None:
    wrong = dummies.wif(4)[:-1] + "z"
    assert find(f"看看 {wrong}").spans == []
    hidden(f"私钥 {wrong}", wrong[5:20], Kind.KEY)


@pytest.mark.parametrize("name", ["", "EC ", "RSA ", "ENCRYPTED ", "OPENSSH "])
@pytest.mark.parametrize("ending", [True, False])
def test_pem_blocks_are_hidden_whole(name: str, ending: bool) -> None:
    body = base64.b64encode(bytes.fromhex(dummies.raw_key()) * 3).decode()
    dashes = "-" * 5
    text = f"{dashes}BEGIN {name}PRIVATE KEY{dashes}\n{body}\n"
    text += f"{dashes}END {name}PRIVATE KEY{dashes}" if ending else ""
    assert redact(f"帮我看 {text}", "zh").strip() == "帮我看 [私钥已隐藏]"


def test_key_stores_are_hidden_whole() -> None:
    held = {"ciphertext": dummies.raw_key(), "kdf": "scrypt", "kdfparams": {"n": 8192}}
    text = json.dumps({"version": 3, "crypto": held, "id": "x"}, indent=1)
    assert redact(f"文件：{text} 打不开", "zh") == "文件：[私钥已隐藏] 打不开"


def test_a_key_as_a_list_of_bytes_is_hidden() -> None:
    text = str(list(bytes.fromhex(dummies.raw_key() + dummies.raw_key(2))))
    assert redact(f"id.json {text}", "en") == "id.json [private key removed]"


# --- cards ---------------------------------------------------------------------------------

NUMBERS = [
    dummies.card(),
    dummies.card("5105"),
    dummies.card("2223"),
    dummies.card("3782", 15),
    dummies.card("3056", 14),
    dummies.card("3566"),
    dummies.card("6011"),
    dummies.card("622202", 19),
    dummies.card("6212", 16),
    dummies.card("6228", 18),
]


@pytest.mark.parametrize("sentence", sentences.CARDS)
@pytest.mark.parametrize("number", NUMBERS)
def test_a_card_number_is_hidden_but_for_its_last_four_digits(sentence: str, number: str) -> None:
    for written in (number, dummies.grouped(number), dummies.grouped(number, "-")):
        left = hidden(sentence.format(written), written, Kind.CARD)
        assert left == sentence.format(f"[银行卡号已隐藏，尾号 {number[-4:]}]")
        assert redact(sentence.format(written), "en") == sentence.format(
            f"[card number removed, ends in {number[-4:]}]"
        )


def test_full_width_digits_are_digits() -> None:
    number = dummies.card()
    left = hidden(f"卡号{dummies.full_width(number)}谢谢", number, Kind.CARD)
    assert left == f"卡号[银行卡号已隐藏，尾号 {number[-4:]}]谢谢"


def test_a_number_that_is_called_something_else_is_no_card() -> None:
    number = dummies.card()
    for said in ("订单号 {}", "order {}", "单号：{}", "tracking number {}", "流水号{}", "KL{}",
                 "交易编号 {}", "快递 {}", "#{}", "+{}"):  # fmt: skip
        assert find(said.format(number)).spans == [], said


def test_a_wrong_check_digit_or_a_strange_prefix_is_no_card() -> None:
    number = dummies.card()
    assert find(number[:-1] + str((int(number[-1]) + 1) % 10)).spans == []
    assert find(dummies.card("9999")).spans == []
    assert find(dummies.card("1234")).spans == []


@pytest.mark.parametrize("sentence", sentences.CODES)
def test_a_security_code_is_hidden_beside_its_name(sentence: str) -> None:
    left = hidden(sentence.format("739"), "739", Kind.CARD_CODE)
    assert left == sentence.format("[安全码已隐藏]")


@pytest.mark.parametrize(
    "beside",
    ["12/28 739", "12/28, 739", "exp 12/28 cvv 739", "有效期 12/28 安全码 739", "12/2028|739"],
)
def test_what_stands_beside_a_card_goes_with_it(beside: str) -> None:
    left = redact(f"{dummies.grouped(dummies.card())} {beside} 李雷", "zh")
    assert "28" not in left.replace("尾号", "").split("]", 1)[1]
    assert "739" not in left
    assert left.endswith("李雷")


def test_an_expiry_date_alone_is_a_date() -> None:
    assert find("会员有效期 12/28，能退吗").spans == []
    assert find("我的订单 12/28 到期").spans == []


# --- passwords and documents ---------------------------------------------------------------


@pytest.mark.parametrize("sentence", sentences.PASSWORDS)
@pytest.mark.parametrize("value", ["abc12345", "Tr0ub4dor&3", "li.lei_1990", "P@ssw0rd!"])
def test_only_the_value_of_a_password_is_hidden(sentence: str, value: str) -> None:
    left = hidden(sentence.format(value), value, Kind.PASSWORD)
    assert left == sentence.format("[密码已隐藏]")


@pytest.mark.parametrize("sentence", sentences.PINS)
@pytest.mark.parametrize("value", ["4711", "836201"])
def test_a_pin_is_a_password(sentence: str, value: str) -> None:
    assert hidden(sentence.format(value), value, Kind.PASSWORD) == sentence.format("[密码已隐藏]")


@pytest.mark.parametrize("said", ["密码是{}", "密码：{}", "my password is {}.", "pwd={}"])
def test_a_word_may_be_a_password(said: str) -> None:
    assert "sunshine" not in redact(said.format("sunshine"), "zh")


@pytest.mark.parametrize(
    "text",
    ["我忘记密码了", "密码错误", "密码是什么", "密码不对",
    "reset my password", "my password is wrong",
     "my password is being rejected",
     "my password is not working", "Password: required", "密码：****",
     "密码输错了3次", "密码要8-16位", "密码是6位数字",
     "密码忘了，订单 KL20260901001", "重置密码 KL20260901001",
     "改密码的链接 https://example.com/r/1", "动态密码 836201",
     "one-time password 836201", "验证码 836201",
     "836201", "验证码是836201", "the code is 836201",
     "code: 836201", "my e-mail is li@example.com",
     "密码找回邮箱 li@example.com", "passport expired",
     "the password is useless", "pinned 2024 message",
     "wrong password 3 times", "支付密码忘了付不了钱", "我的密码你们能看到吗", "密码改成什么好",
     "I changed my password yesterday", "password reset 20 minutes ago"],
)  # fmt: skip
def test_talk_of_passwords_and_our_own_codes_stay(text: str) -> None:
    assert redact(text, "zh") == text


@pytest.mark.parametrize("sentence", sentences.IDENTITY)
@pytest.mark.parametrize("place", ["110101", "620102", "810000"])
def test_identity_numbers_are_hidden(sentence: str, place: str) -> None:
    number = dummies.mainland_id(place)
    for written in (number, number.lower(), f"{number[:6]} {number[6:14]} {number[14:]}"):
        left = hidden(sentence.format(written), written, Kind.IDENTITY)
        assert left == sentence.format("[证件号码已隐藏]")


def test_an_identity_number_that_does_not_check_is_a_number() -> None:
    number = dummies.mainland_id()
    assert find(number[:-1] + ("1" if number[-1] != "1" else "2")).spans == []
    assert find(dummies.mainland_id(born="19901345")).spans == []
    assert find(dummies.mainland_id(place="990101")).spans == []


@pytest.mark.parametrize(("sentence", "number"), sentences.ONLY_WHEN_CALLED)
def test_other_documents_are_hidden_right_after_their_name_only(sentence: str, number: str) -> None:
    assert hidden(sentence.format(number), number, Kind.IDENTITY) == sentence.format(
        "[证件号码已隐藏]"
    )
    assert find(f"订单 {number}").spans == []


def test_there_are_at_least_150_sentences() -> None:
    lists = (sentences.PHRASES, sentences.CHECKED_KEYS, sentences.CUED_KEYS, sentences.CARDS,
             sentences.PASSWORDS, sentences.PINS, sentences.IDENTITY, sentences.CODES)  # fmt: skip
    every = {sentence for each in lists for sentence in each}
    assert len(every) + len(sentences.ONLY_WHEN_CALLED) >= 150
