"""What the gateway itself says, in both languages. The bot's words are Rasa's responses and the
brands' greetings; these are the few that must be said when neither can be reached.
"""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, str]
"""``{"zh": …, "en": …}``"""

DELAYED: Words = {
    "zh": "客服系统暂时连不上，您的消息已经保存好了。恢复后会按顺序回复，不用重发。",
    "en": "We can't reach our assistant right now. Your message is saved and will be answered "
    "here as soon as it is back; no need to send it again.",
}
PROBLEM: Words = {
    "zh": "抱歉，刚才系统出了点问题，这一步没能完成。您可以放心再试一次，不会重复处理，"
    "也可以转人工。",
    "en": "Sorry, something went wrong on our side and we couldn't finish that. It is safe to try "
    "again (nothing is ever done twice), or you can talk to a person.",
}
PERSON_COMING: Words = {
    "zh": "已经为您转接人工，同事会在这里回复您。您可以先把情况写下来。",
    "en": "I've asked a colleague to join; they will answer here. Feel free to write down what "
    "happened in the meantime.",
}
TRY_AGAIN: Words = {"zh": "再试一次", "en": "Try again"}
ASK_FOR_A_PERSON: Words = {"zh": "转人工", "en": "Talk to a person"}
LANGUAGE_CHOSEN: Words = {
    "zh": "好的，接下来我们用中文交流。",
    "en": "Done. We'll continue in English.",
}

ERRORS: Mapping[str, Words] = {
    "bad_json": {"zh": "请求内容不是有效的 JSON。", "en": "The body is not valid JSON."},
    "bad_body": {
        "zh": "请求内容应是一个 JSON 对象。",
        "en": "The body should be one JSON object.",
    },
    "bad_field": {
        "zh": "字段 {field} 缺失或不符合要求。",
        "en": "The field {field} is missing or not what it should be.",
    },
    "bad_query": {
        "zh": "参数 {field} 不符合要求。",
        "en": "The parameter {field} is not what it should be.",
    },
    "unknown_brand": {"zh": "没有这个品牌。", "en": "There is no such brand."},
    "identity_not_accepted": {
        "zh": "登录信息无法确认，可能已经失效。请刷新页面重试，或不带登录信息打开对话，"
        "在对话里验证身份。",
        "en": "We couldn't confirm your sign-in; it may have run out. Reload the page and try "
        "again, or open the chat without it and confirm who you are there.",
    },
    "empty_message": {"zh": "消息是空的。", "en": "The message is empty."},
    "text_or_button": {
        "zh": "一条消息要么是文字，要么是按钮，二选一。",
        "en": "A message is either a text or a button, one of the two.",
    },
    "unknown_button": {
        "zh": "这个对话里没有出现过这个按钮。",
        "en": "That button was never shown in this conversation.",
    },
    "unknown_attachment": {"zh": "没有这个附件。", "en": "There is no such attachment."},
    "message_differs": {
        "zh": "这个消息 id 已经用于另一条消息。",
        "en": "This message id already belongs to a different message.",
    },
    "text_too_long": {
        "zh": "消息太长了，最多 4000 个字符，请分成几条发送。",
        "en": "The message is too long: 4,000 characters at most. Please send it in parts.",
    },
    "body_too_large": {
        "zh": "请求内容太大了，最多 64 KB。",
        "en": "The request is too large: 64 KB at most.",
    },
    "not_signed_in": {
        "zh": "对话凭证无效，请重新打开对话。",
        "en": "This conversation's token is not valid. Please open the chat again.",
    },
    "too_many_requests": {
        "zh": "您操作得有点快，请稍等片刻再试。",
        "en": "That was a little fast. Please wait a moment and try again.",
    },
    "wrong_content_type": {
        "zh": "请用 Content-Type: application/json 发送。",
        "en": "Please send Content-Type: application/json.",
    },
    "wrong_method": {
        "zh": "这个地址不支持这种请求方法。",
        "en": "This address does not take that method.",
    },
    "not_found": {"zh": "没有这个页面或接口。", "en": "There is nothing at this address."},
    "bad_request": {"zh": "请求不符合要求。", "en": "The request is not what it should be."},
    "internal_error": {
        "zh": "我们这边出了点问题，请稍后再试。",
        "en": "Something went wrong on our side. Please try again later.",
    },
}
