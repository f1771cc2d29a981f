"""What each ground means, in words a customer understands, in both languages.

Sentences with gaps; ``explanation`` fills them. A brand's clauses and advice are in its
file. No phrase repeats what the clause it rests on already says.
"""

from actions.policy.grounds import Ground, Reason, Remedy

Phrase = dict[str, str]

GROUNDS: dict[Ground, Phrase] = {
    Ground.MONEY_BACK: {
        "zh": "这是您的首次购买（{paid_on}），{days} 天退款期到{closes_on}为止，"
        "可以退还 {amount}。",
        "en": "This was your first purchase, paid on {paid_on}. Its {days}-day money-back period"
        " lasts until {closes_on}, so {amount} goes back to you.",
    },
    Ground.RENEWAL_CANCELLED: {
        "zh": "您在{cancelled_on}已取消自动续订，之后仍被扣款，因此退还 {amount}。",
        "en": "You had cancelled auto-renewal on {cancelled_on} and were charged all the same,"
        " so {amount} goes back to you.",
    },
    Ground.UPGRADE_IN_WINDOW: {
        "zh": "这次升级在首次购买的退款期内（到{closes_on}为止），可以退还 {amount}。",
        "en": "The money-back period of your first purchase lasts until {closes_on} and covers"
        " this upgrade, so {amount} goes back to you.",
    },
    Ground.REASON_ACCEPTED: {
        "zh": "您在规定时间内提出申请，原因（{reason}）符合退款条件，可以退还 {amount}。",
        "en": "You asked in time and for a reason we accept ({reason}), so {amount} goes back"
        " to you.",
    },
    Ground.DOUBLE_CHARGE: {
        "zh": "这笔订单与订单 {twin} 内容和金额相同，付款相隔不超过 {minutes} 分钟，属于重复扣款，"
        "可以退还 {amount}。",
        "en": "This order repeats {twin}: the same item and amount, no more than {minutes}"
        " minutes later. It is a double charge, so {amount} goes back to you.",
    },
    Ground.CAPTURED_FAILURE: {
        "zh": "这笔付款没有成功，但款项已被扣除，可以退还 {amount}。",
        "en": "This payment failed but the money was taken, so {amount} goes back to you.",
    },
    Ground.UNUSED_SHARE: {
        "zh": "这笔订单的退款期已于{closes_on}结束，按剩余的 {unused} 天（共 {total} 天）计算，"
        "可以退还 {amount}。",
        "en": "The money-back period ended on {closes_on}; {unused} of {total} days are left, so"
        " {amount} goes back to you.",
    },
    Ground.PERSON_AGREED: {
        "zh": "客服人员审核了您的申请，同意退还 {amount}。",
        "en": "One of our staff has looked at your request and agreed to refund {amount}.",
    },
    Ground.NOTHING_PAID: {
        "zh": "按我们的记录，订单 {order_number} 没有扣款成功，因此没有可退的款项。",
        "en": "By our records no money was taken for {order_number}, so there is none to refund.",
    },
    Ground.ALREADY_REFUNDED: {
        "zh": "订单 {order_number} 的款项已经全部退还。",
        "en": "The whole amount of {order_number} has already been refunded.",
    },
    Ground.RECORDS_DISAGREE: {
        "zh": "我们的记录中，订单 {order_number} 的付款或退款情况前后不一致，需要由人工核对。",
        "en": "Our records of what was paid and refunded for {order_number} do not agree, so a"
        " person has to check them.",
    },
    Ground.DISPUTED: {
        "zh": "订单 {order_number} 已在银行或支付平台提出争议，需要由人工跟进。",
        "en": "{order_number} is being disputed with a bank or payment provider, so a person"
        " has to follow it up.",
    },
    Ground.ACCOUNT_STANDING: {
        "zh": "您的账户目前{account_status}，这项申请需要由人工审核。",
        "en": "Your account is {account_status}, so a person has to look at this request.",
    },
    Ground.PAST_WINDOW: {
        "zh": "这笔订单付款于{paid_on}，退款期已于{closes_on}结束，需要由人工审核。",
        "en": "You paid on {paid_on} and the money-back period ended on {closes_on}, so a person"
        " has to look at this request.",
    },
    Ground.NOT_FIRST_PURCHASE: {
        "zh": "订单 {order_number} 不是您的首次购买，因此不能退款。",
        "en": "{order_number} was not your first purchase, so it can't be refunded.",
    },
    Ground.RENEWAL_NOT_CANCELLED: {
        "zh": "这是{paid_on}的自动续订扣款，扣款之前没有取消续订的记录，因此不能退款。",
        "en": "This is an automatic renewal charged on {paid_on}, and we have no record of its"
        " being cancelled before, so it can't be refunded.",
    },
    Ground.UPGRADE_PAST_WINDOW: {
        "zh": "订单 {order_number} 是一次升级，不在首次购买的退款期内，需要由人工审核。",
        "en": "{order_number} is an upgrade outside the money-back period of a first purchase,"
        " so a person has to look at this request.",
    },
    Ground.OUT_OF_TIME: {
        "zh": "这笔交易付款于{paid_on}，申请截止到{closes_on}，您在{asked_on}提出，已经超过期限，"
        "因此不能退款。",
        "en": "You paid on {paid_on} and could ask until {closes_on}; you asked on {asked_on},"
        " so it can't be refunded.",
    },
    Ground.REASON_MISSING: {
        "zh": "这类交易需要说明退款原因，您还没有说明，需要由人工审核。",
        "en": "A refund for this needs a reason and you have not given one, so a person has to"
        " look at the request.",
    },
    Ground.REASON_UNCLEAR: {
        "zh": "您说明的退款原因需要由人工核实。",
        "en": "The reason you gave has to be looked into by a person.",
    },
    Ground.REASON_NOT_ACCEPTED: {
        "zh": "您的退款原因（{reason}）不在可退款的范围内，因此不能退款。",
        "en": "The reason you gave ({reason}) is not among those we refund for, so it can't be"
        " refunded.",
    },
    Ground.ONCHAIN_IRREVERSIBLE: {
        "zh": "交易 {order_number} 是链上转账，因此不能退款。",
        "en": "{order_number} is an on-chain transfer, so it can't be refunded.",
    },
    Ground.SWAP_NOT_SUPPORTED: {
        "zh": "交易 {order_number} 是币币兑换，因此不能退款。",
        "en": "{order_number} is a swap, so it can't be refunded.",
    },
    Ground.KIND_NOT_COVERED: {
        "zh": "退款政策没有说到 {order_number} 这一类订单，需要由人工审核。",
        "en": "The refund policy does not speak of orders like {order_number}, so a person has"
        " to look at this request.",
    },
    Ground.UNUSUAL_VELOCITY: {
        "zh": "近 {days} 天内，同一账户或同一付款方式的退款次数较多，这项申请需要由人工审核。",
        "en": "There have been several refunds to this account or payment method in the last"
        " {days} days, so a person has to look at this request.",
    },
    Ground.PERSON_REFUSED: {
        "zh": "客服人员审核了您的申请，决定不予退款。",
        "en": "One of our staff has looked at your request and decided against a refund.",
    },
}

REASONS: dict[Reason, Phrase] = {
    Reason.WRONG_OPERATION: {"zh": "操作错误", "en": "a mistaken operation"},
    Reason.DOUBLE_PAYMENT: {"zh": "重复支付", "en": "a double payment"},
    Reason.DISSATISFACTION: {"zh": "对服务不满意", "en": "dissatisfaction with the service"},
    Reason.NOT_RECEIVED: {"zh": "没有收到", "en": "not received"},
    Reason.PRICE_CHANGE: {"zh": "行情变化", "en": "a change of price"},
    Reason.OTHER: {"zh": "其他原因", "en": "another reason"},
}

ACCOUNT_STATUSES: dict[str, Phrase] = {
    "suspended": {"zh": "已被暂停", "en": "suspended"},
    "closed": {"zh": "已注销", "en": "closed"},
}

REMEDIES: dict[Remedy, Phrase] = {
    Remedy.GIVE_REASON: {
        "zh": "说明具体的退款原因",
        "en": "tell us exactly why you want a refund",
    },
    Remedy.ACCEPTED_REASON: {
        "zh": "说明实际情况属于可退款的原因，并提供凭证",
        "en": "show that the reason is in fact one we refund for",
    },
    Remedy.PROOF_OF_CANCELLATION: {
        "zh": "提供在扣款之前已取消自动续订的凭证",
        "en": "send proof that auto-renewal was cancelled before the charge",
    },
    Remedy.PROOF_OF_CHARGE: {
        "zh": "提供显示这笔扣款的账单",
        "en": "send a statement that shows the charge",
    },
    Remedy.PROOF_OF_EARLIER_REQUEST: {
        "zh": "提供在期限内已经申请过的记录",
        "en": "send proof that you had asked in time",
    },
    Remedy.SPECIAL_CIRCUMSTANCES: {
        "zh": "说明特殊情况并提供凭证，由人工审核",
        "en": "tell us of special circumstances, with what proof you have, for a person to judge",
    },
    Remedy.ACCOUNT_RESTORED: {
        "zh": "账户恢复正常",
        "en": "have the account restored to good standing",
    },
    Remedy.DISPUTE_SETTLED: {
        "zh": "等待银行或支付平台的争议处理完毕，或撤销争议",
        "en": "wait for the dispute with your bank or payment provider to end, or withdraw it",
    },
    Remedy.RECORDS_CORRECTED: {
        "zh": "提供付款和退款凭证，以便核对记录",
        "en": "send proof of what was paid and refunded, so that the records can be checked",
    },
    Remedy.RECIPIENT_RETURNS: {
        "zh": "请收款方退回款项",
        "en": "ask the recipient to send it back",
    },
    Remedy.FEE_OF_FAILED_SWAP: {
        "zh": "如果兑换失败，就那笔服务费另行申请",
        "en": "if the swap failed, ask for its service fee instead",
    },
    Remedy.LATER_CHARGE: {
        "zh": "改为就后一笔重复扣款提出申请",
        "en": "ask for the later of the two charges instead",
    },
    Remedy.NEW_EVIDENCE: {
        "zh": "提供新的凭证并提出申诉",
        "en": "appeal with new evidence",
    },
}

CLAUSE: Phrase = {"zh": "（{id}）{words}", "en": "({id}) {words}"}

REFUNDED_BEFORE: Phrase = {
    "zh": "此前已退还 {refunded}。",
    "en": "{refunded} was refunded before.",
}
PROPOSAL: Phrase = {
    "zh": "按剩余的 {unused} 天（共 {total} 天）计算，未使用部分为 {share}，是否退还由审核决定。",
    "en": "{unused} of {total} days are left, which comes to {share}; whether it is refunded"
    " is for the review to decide.",
}
PROPOSAL_LESS: Phrase = {
    "zh": "按剩余的 {unused} 天（共 {total} 天）计算，未使用部分为 {share}，扣除此前已退的 "
    "{refunded}，还剩 {amount}，是否退还由审核决定。",
    "en": "{unused} of {total} days are left, which comes to {share}; less the {refunded} that was"
    " refunded before, that leaves {amount}. Whether it is refunded is for the review to decide.",
}
PAY_OUT: Phrase = {
    "zh": "您确认后，款项预计在{dates}退回原付款账户。",
    "en": "Once you confirm, the money should reach the account you paid from on {first}.",
}
PAY_OUT_RANGE: Phrase = {
    "zh": "您确认后，款项预计在{dates}之间退回原付款账户。",
    "en": "Once you confirm, the money should reach the account you paid from between {first}"
    " and {last}.",
}
PROVISIONAL: Phrase = {
    "zh": "届时的节假日安排尚未公布，日期可能变动。",
    "en": "The public holidays for that time have not been published, so the dates may change.",
}
CLOSURE: Phrase = {
    "zh": "{dates}{name}放假，不计入工作日。",
    "en": "{dates} ({name}) is not counted.",
}
LATER_TWIN: Phrase = {
    "zh": "订单 {later_twin} 与这笔内容和金额相同、付款更晚，属于重复扣款：请就那一笔申请退款。",
    "en": "{later_twin} is the same charge made again minutes later: ask for that one instead.",
}
HANDLING: Phrase = {
    "zh": "审核一般在 {most} 个工作日内完成（{last}前），情况复杂的需要更长时间。",
    "en": "A review usually takes up to {most} working days (until {last}), longer if it is"
    " involved.",
}
