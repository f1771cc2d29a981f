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
FILE_RECEIVED: Words = {
    "zh": "文件收到了，已经和这次对话存在一起，人工审核时同事会看到。您可以接着说；"
    "如果上面还有没回答的问题，直接回答就好。",
    "en": "Your file has arrived and is kept with this conversation, so a colleague who reviews "
    "your request will have it. Please go on; if there is a question above, just answer it.",
}
LANGUAGE_CHOSEN: Words = {
    "zh": "好的，接下来我们用中文交流。",
    "en": "Done. We'll continue in English.",
}
REDACTED_WALLET: Words = {
    "zh": "请注意：您刚才发出了{names}，我们已将它隐藏，也不会保存。"
    "我们的工作人员绝不会向任何人索要助记词或私钥。"
    "请当作这个钱包已经泄露，马上新建一个钱包，把全部资产转过去，旧钱包不要再用。",
    "en": "Important: you just sent a {names}. We have hidden it and do not keep it. Nobody here "
    "will ever ask for a recovery phrase or private key. Treat this wallet as compromised: create "
    "a new one and move all your funds to it now.",
}
REDACTED_PASSWORD: Words = {
    "zh": "为了您的安全，消息里的{names}已经隐藏，没有保存。我们从不需要您的密码，"
    "请不要发给任何人，并尽快修改它。",
    "en": "For your safety we have hidden the {names} in your message and did not keep it. We "
    "never need your password: please don't send it to anyone, and change it soon.",
}
REDACTED_DATA: Words = {
    "zh": "为了您的安全，消息里的{names}已经隐藏，没有保存。办理退款用不到这些完整信息，"
    "请不要在聊天里发送。",
    "en": "For your safety we have hidden the {names} in your message and did not keep it. A "
    "refund never takes these details in full, so please don't send them in a chat.",
}
IMPOSTOR: Words = {
    "zh": "请当心冒充客服的人：我们的工作人员绝不会索要助记词、私钥、密码或别人的资料，"
    "也不会让您先付款。"
    "请只走官方渠道，不要再发任何东西，并把对方的账号和聊天记录举报给我们；"
    "如果已经把助记词或私钥给了出去，请马上把资产转到新钱包。",
    "en": "Beware of people posing as support. Our staff never ask for a recovery phrase, a "
    "private key, a password or somebody else's data, and never for a payment up front. Use our "
    "official channels only, send nothing more, and report who it was to us. If you have already "
    "given a phrase or key away, move your funds to a new wallet now.",
}
LIST_SIGN: Words = {"zh": "、", "en": " and "}

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
    "site_not_listed": {
        "zh": "这个网站不在该品牌的许可名单里，请从品牌官网打开对话。",
        "en": "This site is not on the brand's list. Please open the chat from the brand's own "
        "site.",
    },
    "secret_needed": {
        "zh": "查看指标需要凭证，请让运维人员提供。",
        "en": "The metrics are for operators: this takes the desk's metrics secret.",
    },
    "too_slow": {
        "zh": "请求内容迟迟没有传完，请重新发送。",
        "en": "The rest of the request never arrived. Please send it again.",
    },
    "attachment_not_found": {
        "zh": "这个对话里没有这个附件。",
        "en": "There is no such attachment in this conversation.",
    },
    "not_a_form": {
        "zh": "请以表单(multipart/form-data)上传文件，不要压缩。",
        "en": "Please upload the file as a form (multipart/form-data), without compression.",
    },
    "bad_upload": {
        "zh": "文件没有传完整，没有保存。请重新上传。",
        "en": "The file did not arrive whole and was not kept. Please upload it again.",
    },
    "no_file": {
        "zh": "没有收到文件：表单里要有一个名为 file 的文件字段。",
        "en": "There was no file: the form needs one, in a field called file.",
    },
    "one_file": {
        "zh": "一次只能上传一个文件，表单里请只放 file 这一个字段。",
        "en": "One file at a time, please: the form should hold the field file and nothing else.",
    },
    "file_too_large": {
        "zh": "文件太大了，最大 10 MB。可以截图或压缩后再上传。",
        "en": "The file is too large: 10 MB at most. A screenshot or a smaller copy will do.",
    },
    "file_refused": {
        "zh": "只能上传完整的 PNG、JPEG 图片或 PDF 文档；改扩展名不会改变文件类型。",
        "en": "Only whole PNG and JPEG pictures and PDF documents can be taken; a different file "
        "name doesn't change what a file is.",
    },
    "too_many_files": {
        "zh": "一次对话最多保存 10 个文件，已经满了。还有材料请告诉我们，由人工处理。",
        "en": "This conversation already holds 10 files, which is the most it can. If there is "
        "more to show, tell us and a person will help.",
    },
    "upload_under_way": {
        "zh": "上一个文件还在上传，请等它传完再传下一个。",
        "en": "Another upload is still under way. Please send the next one when it is done.",
    },
    "upload_too_slow": {
        "zh": "上传太慢，已经中断，文件没有保存。请换个网络，或换个小一点的文件再试。",
        "en": "The upload was too slow and was stopped; nothing was kept. Please try a better "
        "connection or a smaller file.",
    },
    "no_room_for_files": {
        "zh": "我们这边暂时存不下新文件，请稍后再传；对话不受影响。",
        "en": "We can't store new files right now. Please try again later; the chat itself "
        "goes on.",
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
    "not_allowed": {
        "zh": "您的角色不能做这件事；需要的话，请找管理员。",
        "en": "Your role does not cover this. If you need it, ask an admin.",
    },
    "form_expired": {
        "zh": "这个表单已经失效，什么也没有改动。请返回重新打开页面，再提交一次。",
        "en": "This form is no longer valid and nothing was changed. Go back, reload the page and "
        "send it again.",
    },
    "not_found": {"zh": "没有这个页面或接口。", "en": "There is nothing at this address."},
    "bad_request": {"zh": "请求不符合要求。", "en": "The request is not what it should be."},
    "internal_error": {
        "zh": "我们这边出了点问题，请稍后再试。",
        "en": "Something went wrong on our side. Please try again later.",
    },
}
