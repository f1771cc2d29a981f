"""Words that help to tell a name from what only stands where a name might stand."""

_SURNAMES = """
王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程
苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝
龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞
左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕
屈饶解牟艾尤阳穆农司卓古吉缪简项芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬
边卞姬仇栾隋商刁沙荣巫寇桑郎甄仲虞敖巩明佘池查麻苑迟邝谈匡鞠惠荆乐冀郁胥南班栗燕楚鄢劳谌
奚皮粟冼蔺闻
"""
SURNAMES = "".join(_SURNAMES.split())
"""The common family names of one character, without those that are function words too."""

_NO_NAMES = """
人工 客服 高级 高端 金卡 白金 钻石 普通 老用户 新用户 全额 全款
全部 全家 任何 时间 常用 成都 成人 应该 应届 文员 和你 和您 连续
连着 安卓 安装 车主 车费 华为 方便 关于 关闭 申请 原来 原价 原先
官网 官方 封号 封了 查询 查了 解除 解绑 单独 单号 管理 包月 包年
包裹 路过 游客 游戏 明明 明天 满意 时候 商家 商户 师傅 温州 石家庄
金融 金额 江苏 万分 万一 高中 高铁 白天 白嫖 向你 向您 付款 付费
付了 许多 常年 位于 平台 易宝 连接 何时 何必 何况 司机 农村 麦当劳
米粉 安全 路由 南京 南方 边远 米饭 乐意 冷静 严重 江西 包邮 曾经
毛病 马上 谢谢 高兴 方便 岳父 岳母 顺利 全职 单身 文科 项目 古玩 吉林 宁波 宁夏 温度 康复 凌晨
"""
NO_NAMES = tuple(_NO_NAMES.split())
"""What begins with a family name but is no name."""

_STOP = """
上不与个之也买了今从他付以们但住你先再到办又及只叫可号吧呀和哈哦啊在女她它就尾已帮很您想
我或所手把收昨是最有来查比没注用申电男的给能被要觉订让该说请账跟身还这退那邮都问需麻
"""
STOP = frozenset(_STOP) | frozenset("\t\n !\"'(),./:;?[]|~“”、。！（），：；？")
"""Characters that end a Chinese name: what is said next begins with them."""

_STOP_WORDS = """
于是 今天 会员 前几 前天 可以 可能 同意 后天 后来 因为 如何 如果
对方 希望 总共 总是 明天 明年 明早 昨天 现在
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Words of two characters that do so."""

_NOT_LATIN = """
a about absurd agent alipay am amazon american an and android angry anyone apple april asking at
august australian awful back because bitpie bot british btc bullshit but by called canadian
china chinese christmas correct crazy customer dear december desk different disgusting diwali
done easter english eth everyone everything february file first for fraud french friday from
german getting going good google happy having hello help here hey hi horrible how human i if in
indian insane ios iphone is it january july june just kuailian last leeds london looking mac
madam march mastercard may monday my new no nobody nonsense not nothing november october ok old
on or order our outrageous paypal please really refund ridiculous robbery robot saturday section
september sick sir so somebody sorry spelled spelt stealing still sunday support sure team
terrible thank thanks that that's thats the theft this thursday tired to tokyo trx trying
tuesday uk unable unacceptable under unfair upset urgent us usa usdt using very vip visa vpn
waiting was wechat wednesday what when where why windows with writing wrong yes your
"""
NOT_LATIN = frozenset(_NOT_LATIN.split())
"""English words that follow "I am" or "this is" and are no names, in lower case."""

LATIN = (
    r"[A-Z][A-Za-zÀ-ÿ'’.-]{0,24}(?: (?:[A-Z][A-Za-zÀ-ÿ'’.-]{0,24}|de|la|van|von|der|del|bin|al))"
    r"{0,3}"
)
"""A name in Latin letters, with capitals."""
