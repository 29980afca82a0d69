"""Claims of proof: prizes, tests, other customers."""

from __future__ import annotations

from . import Concepts

PROOF: Concepts = {
    "a prize": """
        winner of, design prize, design award, prize, gewinner*, designpreis*, 得主, 设计大奖,
        of the year, des jahres, 年度产品, 年度, 奖项, award winning, awardwinning, award, awards,
        prize winning, preisgekrönt*, ausgezeichnet mit, auszeichnung*, gekürt, testsieger*,
        stiftung warentest, ökotest, 获奖, 大奖, 金奖
    """,
    "a test": """
        in the lab, laboratory, im labor, labor, bewiesen, nachprüfbar, 实验室, 证实, tested,
        lab tested, field tested, trail tested, proven, proven to, approved, certified by,
        getestet*, erprobt*, geprüft*, bewährt*, nachgewiesen*, nachweislich*, 经过测试, 实测,
        检测, 验证,
        实验证明
    """,
    "others buy it": """
        nations favourite, nation's favourite, nations favorite, everybodys favourite,
        deutschlands liebling*, österreichs liebling*, publikumsliebling*, 全民, 最爱选择, 国民,
        bestseller*, best seller*, best selling, bestselling, top seller*, topseller*,
        customer favourite*, customer favorite*, loved by, trusted by, everybody loves,
        everyone loves, everyone is talking about, five star, top rated, highly rated,
        rave reviews, reviews say, customers say, customers love, kundenliebling*,
        verkaufsschlager*, meistverkauft*, beliebteste*, alle lieben, alle reden, bestbewertet*,
        top bewertet*, von kunden geliebt, kunden sagen, kundinnen lieben, kunden lieben, 热销,
        爆款, 畅销, 销量, 口碑, 好评, 人气, 网红, 明星同款, 达人推荐, 回购率
    """,
    "experts say so": """
        recommended by, experts recommend, experts agree, as seen on, as seen in,
        used by professionals, endorsed, empfohlen von, experten empfehlen, von profis,
        von experten, bekannt aus, 推荐机构, 专业人士, 同款推荐
    """,
    "a patent": """
        patented, patent pending, patentiert*, patent, 专利
    """,
    "original": """
        genuine, authentic, the original, das original, echtes original, echtheitszertifikat,
        正品, 原版, 官方正品
    """,
    "it always works": """
        always works, never fails, instantly, instant results, immediate results,
        works every time, foolproof, sofortige wirkung, wirkt sofort, sofort wirksam,
        funktioniert immer, versagt nie, versagt niemals, 立竿见影, 立即见效, 永不, 包治
    """,
    "comparison": """
        better than *, outperforms, beats the competition, unlike other brands, superior to,
        more than any other, compared to other, besser als *, im vergleich zu, überlegen*,
        anders als andere, schlägt die konkurrenz, 优于, 胜过, 比其他, 超越同类, 吊打
    """,
    "experience": """
        since the year, decades of, generations of, years of experience, jahrzehnt*,
        seit generationen, jahre erfahrung, jahrelange erfahrung, 多年经验, 老字号, 百年
    """,
}
"""Who is said to have found it good."""
