"""Pieces of the expressions in ``data/entities.yml``, where they stand as ``{NAME}``."""

from __future__ import annotations

import re

PIECES = {
    "HOTLINE": r"(?:12300|12315|12321|12377|12378|96315)(?![A-Za-z0-9])",
    "OF_A_PLAN": (
        r"(?= (?:plan|pass|subscription|sub|membership|contract|term|package|deal|option|policy|"
        r"licen[cs]e|commitment|renewal|access|vip|one)(?![a-z]))"
    ),
    "OF_A_PLAN_HAN": r"(?=(?:期的?|的)?(?:套餐|会员|订阅|合[约同]|服务|VIP|版))",
    "NO_PAYER": (
        r"(?:plug-?in|app(?!le)|software|extension|add-?on|tool|client|librar|theme|driver|"
        r"firmware|cookie|script|program|web|site|ad(?:s|vert)?(?![a-z])|account|log-?in|"
        r"insur|liability|data|tracker|modul|component|widget|integration|antivirus|firewall|"
        r"repair|inspect|courier|cable|charger|batter|part(?!y)|ink)"
    ),
    "NO_PAYER_HAN": (
        r"(?:插件|软件|应用|程序|工具|客户端|浏览器|扩展|组件|模块|库|脚本|驱动|主题|固件|网站|网页|"
        r"链接|账号|帐号|登[录陆]|授权|检测|鉴定|机构|保险|责任|广告|数据|公证|仲裁|维修|快递|物流|"
        r"配件|充电|电池|杀毒|防火墙|接口|app(?!le))"
    ),
}
"""Name -> regular expression.

A length of time is a plan's before what ``OF_A_PLAN…`` finds. A third party pays nothing where
``NO_PAYER…`` follows: a third-party plug-in. ``HOTLINE`` is whom one complains to by telephone.
"""

_PLACE = re.compile(r"\{([A-Z_]+)\}")


def filled(pattern: str) -> str:
    """The expression with its pieces in place.

    Raises:
        KeyError: there is no piece of that name.
    """
    return _PLACE.sub(lambda found: PIECES[found[1]], pattern)
