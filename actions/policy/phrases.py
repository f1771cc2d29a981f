"""What each ground means, in words a customer understands, in both languages.

Sentences with gaps; ``explanation`` fills them. A brand's clauses and advice are in its
file. No phrase repeats what the clause it rests on already says.
"""

from actions.policy.grounds import Ground, Reason

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

CLAUSE: Phrase = {"zh": "（{id}）{words}", "en": "({id}) {words}"}

REFUNDED_BEFORE: Phrase = {
    "zh": "此前已退还 {refunded}。",
    "en": "{refunded} was refunded before.",
}
PROPOSAL: Phrase = {
    "zh": "按剩余的 {unused} 天（共 {total} 天）计算，未使用部分为 {amount}，是否退还由审核决定。",
    "en": "{unused} of {total} days are left, which comes to {amount}; whether it is refunded"
    " is for the review to decide.",
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
HANDLING: Phrase = {
    "zh": "审核一般在 {most} 个工作日内完成，情况复杂的需要更长时间。",
    "en": "A review usually takes up to {most} working days, longer if it is involved.",
}
