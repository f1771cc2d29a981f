"""What customers really write with a secret in it: each sentence with the secret left open.

``{}`` is the secret. Of a password only the value is one. Which secrets are put in is up to the
tests that read this.
"""

from __future__ import annotations

PHRASES = """\
{}
助记词：{}
我的助记词是 {}，帮我看看钱包还在不在
我的钱包助记词 {} 麻烦帮我找回
助記詞是 {} 請幫我處理
恢复词 {}
客服你好，这是我的恢复短语：{}。能帮我退款吗？
钱包打不开了，你们要的助记词：“{}”
种子词 {} 收到了吗
12个单词如下：{}
{} 这个是我的助记词，钱没了怎么办
退款要助记词吧？{}
my seed phrase is {} please restore my wallet
Seed: {}
Here is my recovery phrase: {}. Can I get my refund now?
mnemonic = {}
"{}" is my recovery phrase
I wrote down these words: {} and the app rejects them
ok here you go {} thanks
wallet words: {} — they don't work
Hi, order KL20260901001, phrase {} , e-mail li@example.com
你好 my seed phrase 是 {} 帮我 check 一下
我的 mnemonic：{}，wallet 导入 failed
recovery phrase {} 导不进去
订单 KL20260901001 退款，{}
转账失败了，钱包信息：{}，订单号 KL20260901001
I already told your colleague: {} !!! why no refund
(help) {} (help)
请帮我恢复：{} 谢谢
1. 钱包 2. {} 3. 退款
换手机以后钱包没了，只剩这个 {}，能找回来吗
老师傅帮我弄的，纸上写着 {}，我也看不懂
照你们说的发过来了：{}
my husband wrote this on paper: {}. What is it for?
Does this still work? {}
backup phrase {} (from 2021)
seed words are {}, in that order""".splitlines()

CHECKED_KEYS = """\
{}
私钥：{}
我的私钥是{}，快帮我看看
WIF {} 导入失败
导入这个 {} 一直报错
转错地址了，钱包私鑰 {}
my private key is {} please help
key: {}
I imported {} and nothing shows up
Here's what I have ({}) – is that right?
订单 KL20260901001 的钱包：{}。
这个 key {} 是不是过期了""".splitlines()

CUED_KEYS = """\
私钥：{}
我的私钥是{}
钱包私钥 {} 帮我看看
密钥: {}
private key: {}
my private key is {}
priv key={}
privkey {}
secret key = {}
Secret: {}
{} 这是我的私钥
{} is my private key
private key 是 {} 导入不了
私钥（{}）""".splitlines()

CARDS = """\
{}
卡号{}
我的银行卡号是 {}，退到这张卡
信用卡 {} 被扣了两次
退款到{}可以吗
请退到我的卡{}谢谢
银联卡号：{}
付款的卡是{}，尾号对得上
card number {}
my card is {}, charge it back
Visa {} was charged twice
please refund to {} thanks
I paid with {} yesterday
用 card {} 付的款
我用的 visa {} 扣了 299
refund 到 {} 这张卡
卡号 {}，订单号 KL20260901001
Order KL20260901001, card {}.
(card: {})
帮我查下{}这张卡的扣款
原来那张 {} 已经注销了
Is {} the card you have on file?""".splitlines()

PASSWORDS = """\
密码是{}
我的密码是{}，帮我登录看看
密码:{}
密码：{}
登录密码 {}
登录密码是{}
账户密码为 {}
支付密码：{}
钱包密码 {} 进不去
新密码改成{}了还是不行
我的密碼是 {}
密码={}
我设的密码是 {} 但是提示错误
密码就是{}啊
邮箱 li@example.com 密码 {}
账号密码：li@example.com {}
登录口令：{}
密码 “{}”
密码是“{}”
my password is {}
My password is {}, please log in and check
password: {}
Password = {}
pwd: {}
pw={}
passwd {}
the password was {} before I changed it
login li@example.com password {}
my account password is {} and it won't work
passcode: {}
wallet password {} is rejected
my pw is {}
username li@example.com, pwd {}
password 是 {} 登不上
我的 password：{}
密码 is {}
孩子设的密码是{}，我不会弄
The password I use is {}""".splitlines()

PINS = """\
PIN: {}
my pin is {}
PIN码 {}
pin码是{}
支付密码 {}
取款密码是{}
pin {}
the PIN code is {}""".splitlines()

IDENTITY = """\
{}
身份证{}
我的身份证号码是{}
身份证号：{}，姓名李雷
实名用的 {} 对吗
my id card is {}
ID number {}
ID: {} 李雷
绑定的证件号 {} 换了
身份证 {} 和订单 KL20260901001""".splitlines()

ONLY_WHEN_CALLED = (
    ("身份证号 {}", "110101900307771"),
    ("身份證：{}", "A123456(3)"),
    ("HKID {}", "A123456(3)"),
    ("护照号 {}", "E12345678"),
    ("my passport number is {}", "K1234567"),
    ("passport: {}", "123456789"),
)
CODES = """\
cvv {}
CVV2: {}
安全码是{}
cvc={}
背面三位 {}
security code is {}
卡的安全码 {} 对吗
my cvv is {}
CVC {}
安全码：{}""".splitlines()
