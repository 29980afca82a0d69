"""The words by which a written reply is held to its passages: English, German, Chinese."""

from __future__ import annotations

NUMERALS = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty
    fifty sixty ninety hundred thousand half double twice eins zwei drei vier fünf sechs sieben
    acht neun zehn elf zwölf dutzend zwanzig dreißig vierzig fünfzig hundert tausend halb
    doppelt zweimal
    """.split()  # noqa: SIM905
)
"""Numbers in letters."""

WEIGHTY = tuple(
    """
    free refund discount guarant warrant voucher coupon gift compensat always never immediately
    unlimited lifetime promise cancel exchange kostenlos gratis kostenfrei erstatt rabatt
    garanti gewähr gutschein geschenk entschädig immer sofort unbegrenzt lebenslang verspr
    stornier umtausch tausch 免费 退款 折扣 优惠 保证 保修 赠 赔偿 补偿 立即 永久 取消 换货
    """.split()  # noqa: SIM905
)
"""Beginnings of words that bind the shop: said only where a passage says them."""

NEGATIONS = frozenset(
    """
    not no never without cannot can't don't doesn't won't isn't aren't neither nor nicht kein
    keine keinen keinem keiner nie niemals ohne weder noch
    """.split()  # noqa: SIM905
)
"""Words that turn a sentence into its contrary."""

UNSPACED_NEGATIONS = ("不", "没", "无法", "未", "勿")
"""The same in Chinese, where they stand within words."""

LINKING = frozenset(
    """
    course sure certainly yes unfortunately kind regards natürlich selbstverständlich leider ja
    freundliche grüße need want get give take make find tell see soll brauche möchte will gibt
    geben nehmen machen finden 可以 能 吗 呢 吧 了 的 是 有 没有 我 你 您 他 她
    我们 你们 他们 这 那 这个 那个
    什么 怎么 怎样 如何 哪 哪里 哪个 谁 请 请问 谢谢 你好 您好 用 在 和 与
    或 要 想 会 需要 知道 一下 一个 到 给 把 被
    为什么 是否 能否 可否
    the a an and or but if of to in on at by for from with as is are was were be been it its
    this that these those you your yours we our us i my me he she they them their there here
    have has had do does did can could will would may might must should shall please thank
    thanks hello hi dear so then also just about any some all more when where what which who how
    than into up out let know question questions help happy sorry contact der die das den dem
    des ein eine einen einem einer und oder aber wenn von zu zum zur im in am an auf bei für aus
    mit als ist sind war waren sein es dies diese dieser dieses sie ihr ihre ihnen ihren ihrem
    wir uns unser unsere ich mein haben hat hatte werden wird wurde können kann könnte dürfen
    darf müssen muss soll bitte danke guten tag hallo auch so dann nur über etwas alle mehr wann
    wo was welche wer wie dass ob gern gerne falls frage fragen helfen
    """.split()  # noqa: SIM905
)
"""Words that say nothing of their own."""
