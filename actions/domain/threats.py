"""What customers threaten to do, read from their own words in either language.

A threat makes a ticket urgent (design §6: 12315, 工商, 律师, lawyer, chargeback) and changes
nothing else: no decision depends on it.
"""

from __future__ import annotations

import re
import unicodedata

from actions.domain.ticket import Threat

_WORDS: dict[Threat, re.Pattern[str]] = {
    Threat.CHARGEBACK: re.compile(
        r"拒付|撤[单單]|争议交易|爭議交易|(?:找|让|讓|叫|向|跟)(?:银行|銀行|信用卡|支付宝|支付寶|paypal).{0,6}"
        r"(?:退|追|申[诉訴]|仲裁|投[诉訴])|charge ?-?back|"
        r"(?:dispute|reverse) (?:it|this|the (?:charge|payment|transaction))|"
        r"(?:open|file|raise|start)(?:ing)? a (?:paypal )?(?:dispute|claim)",
        re.IGNORECASE,
    ),
    Threat.LAWYER: re.compile(
        r"律[师師]|起[诉訴]|法院|打官司|走法律|法律途[径徑]|报警|報警|报案|報案|"
        r"\b(?:lawyers?|attorneys?|solicitors?|su(?:e|ing) (?:you|them|your)|legal action|"
        r"small claims|court|the police)\b",
        re.IGNORECASE,
    ),
    Threat.REGULATOR: re.compile(
        r"12315|12345|12321|12377|12300|工商|消[协協]|消[费費]者(?:协会|協會|保护|保護|权益|權益)|"
        r"市[场場][监監]管|市监局|网信办|網信辦|工信部|黑猫投诉|黑貓投訴|消基[会會]|消保[会會]|金管局|"
        r"\b(?:consumer (?:protection|council|affairs|rights)|ombudsman|regulators?|"
        r"trading standards|"
        r"the (?:ftc|bbb|cfpb|fca|asic|accc)|better business bureau|attorney general)\b",
        re.IGNORECASE,
    ),
    Threat.PUBLICITY: re.compile(
        r"曝光|发(?:微博|抖音|小红书|朋友圈)|發(?:微博|抖音|小紅書|臉書)|挂(?:网上|到网)|找(?:媒体|媒體|记者|記者)|"
        r"让大家(?:都)?(?:知道|看看)|"
        r"\b(?:go(?:ing)? (?:public|viral)|the (?:press|media|news)|journalists?|"
        r"(?:post|tweet|share)(?:ing)? (?:this|it|about (?:this|you)) (?:everywhere|online|on)|"
        r"(?:one.star|trustpilot|bad) reviews?|trustpilot)\b",
        re.IGNORECASE,
    ),
}
"""In the order in which they count where a message holds several."""


def threat_in(words: str) -> Threat | None:
    """The weightiest threat in a message, None if it holds none."""
    plain = unicodedata.normalize("NFKC", words)
    return next((threat for threat, said in _WORDS.items() if said.search(plain)), None)
