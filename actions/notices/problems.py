"""What a person is told when something they asked for can't be done, by the error's code.

For chat, pages and the console alike. An error that only the desk's own machinery meets has no
words here; it is met at the outermost boundary.
"""

from actions.domain.errors import DeskError

Phrase = dict[str, str]

PROBLEMS: dict[str, Phrase] = {
    # --- customers -------------------------------------------------------------------------
    "order_not_found": {
        "zh": "没有找到您名下的这个订单，请核对订单号。",
        "en": "We found no such order of yours. Please check the number.",
    },
    "case_not_found": {
        "zh": "没有找到您名下的这个退款案件，请核对追踪编号。",
        "en": "We found no such refund case of yours. Please check the tracking number.",
    },
    "evidence_not_found": {
        "zh": "没有找到这个文件，请重新上传。",
        "en": "We found no such file. Please send it again.",
    },
    "renewal_not_found": {
        "zh": "没有找到这项取消续订的申请，请核对编号。",
        "en": "We found no such request to cancel auto-renewal. Please check the number.",
    },
    "not_verified": {
        "zh": "请先验证身份，再继续操作。",
        "en": "Please confirm who you are first.",
    },
    "not_verified_enough": {
        "zh": "这项操作需要进一步核实身份。",
        "en": "For this we need a little more proof of who you are.",
    },
    "payment_proof_needed": {
        "zh": "这个订单退款前，需要核对付款信息。",
        "en": "Before this order can be refunded, we need the details of its payment.",
    },
    "identity_not_accepted": {
        "zh": "登录信息无法确认，请在对话中验证身份。",
        "en": "We couldn't confirm your sign-in. Please confirm who you are in the chat.",
    },
    "tried_too_often": {
        "zh": "尝试次数过多，请过一段时间再试。",
        "en": "That has been tried too often. Please try again later.",
    },
    "illegal_move": {
        "zh": "案件目前的状态不能进行这一步。",
        "en": "This can't be done as the case stands now.",
    },
    "case_changed": {
        "zh": "情况刚刚有了变化，请刷新后再试。",
        "en": "This has just changed. Please look again and try once more.",
    },
    "appeal_too_late": {
        "zh": "申诉须在收到决定后 30 天内提出，现在已经超过期限。",
        "en": "An appeal has to be made within 30 days of the decision; that time is over.",
    },
    "no_appeals_left": {
        "zh": "这个案件已经申诉过 2 次，不能再次申诉。",
        "en": "This case has been appealed twice, which is as often as it can be.",
    },
    "appeal_open": {
        "zh": "这个案件已有一项申诉正在审核，请等待结果。",
        "en": "An appeal of this case is being looked at already. Please wait for its outcome.",
    },
    "other_case_open": {
        "zh": "这个订单另有一个退款案件正在处理，请先处理完那一个。",
        "en": "Another refund case of this order is open. That one has to be finished first.",
    },
    "not_renewing": {
        "zh": "这个订单没有开通自动续订，不需要取消。",
        "en": "This order does not renew by itself, so there is nothing to cancel.",
    },
    "file_refused": {
        "zh": "只能上传完整的 PNG、JPEG 图片或 PDF 文件。",
        "en": "Only whole PNG or JPEG pictures and PDF documents can be sent.",
    },
    "file_too_large": {
        "zh": "文件太大了，每个文件最多 10 MB。",
        "en": "The file is too large: 10 MB at most.",
    },
    "too_many_files": {
        "zh": "文件太多了，每个案件最多 10 个。",
        "en": "That is too many files: ten at most.",
    },
    "file_damaged": {
        "zh": "这个文件已损坏，请联系我们重新提交。",
        "en": "This file is damaged. Please get in touch so that you can send it again.",
    },
    "input_refused": {
        "zh": "填写的内容有误，请按提示修改。",
        "en": "Something you entered can't be taken. Please see the notes beside it.",
    },
    # --- staff -----------------------------------------------------------------------------
    "not_allowed": {
        "zh": "您没有进行这项操作的权限。",
        "en": "This is not yours to do.",
    },
    "same_person": {
        "zh": "您已参与过这个案件的决定或复核，这一步须由另一位同事完成。",
        "en": "You have had a say in this case already, so this is for a colleague to do.",
    },
    "account_not_found": {"zh": "没有这个账户。", "en": "There is no such account."},
    "contact_change_not_found": {
        "zh": "没有这项邮箱更改，或已经撤销。",
        "en": "There is no such change of address, or it has been undone already.",
    },
    "ticket_not_found": {"zh": "没有这个工单。", "en": "There is no such ticket."},
    "illegal_ticket_move": {
        "zh": "工单目前的状态不能进行这一步。",
        "en": "This can't be done as the ticket stands now.",
    },
    "ticket_taken": {
        "zh": "这个工单已由另一位同事认领。",
        "en": "A colleague has claimed this ticket.",
    },
    "ticket_changed": {
        "zh": "这个工单刚刚有了变化，请刷新后再试。",
        "en": "This ticket has just changed. Please look again and try once more.",
    },
    "order_disputed": {
        "zh": "这笔付款正由银行或支付平台处理争议，结束之前不能从这里退款。",
        "en": "A bank or payment provider is deciding on this payment. Until then nothing can be"
        " paid back from here.",
    },
    "over_refund": {
        "zh": "金额超过了这个订单还能退的部分。",
        "en": "That is more than what is left to refund of this order.",
    },
    "currency_mismatch": {
        "zh": "金额的币种与订单不同。",
        "en": "The amount is not in the order's currency.",
    },
    "bad_amount": {
        "zh": "金额格式有误，请写成 299.00 的形式。",
        "en": "Please write the amount as digits, such as 299.00.",
    },
    "too_many_decimals": {
        "zh": "金额的小数位数超过了该币种的位数。",
        "en": "The amount has more decimals than its currency.",
    },
    "unknown_currency": {
        "zh": "不支持这个币种。",
        "en": "The desk does not know this currency.",
    },
    "review_refused": {
        "zh": "这项决定与案件或品牌的政策不符，请检查所选的条款和拒绝原因。",
        "en": "This decision does not fit the case or the brand's policy. Please check the clauses"
        " and refusal codes.",
    },
}


def problem_text(error: DeskError, language: str) -> str | None:
    """What a person is told of ``error``, by its own words or those of its kind, if it has any."""
    for kind in type(error).__mro__:
        code = getattr(kind, "code", None)
        if code in PROBLEMS:
            return PROBLEMS[code][language]
    return None
