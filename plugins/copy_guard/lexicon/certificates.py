"""Seals, and what they stand for."""

from __future__ import annotations

from . import Concepts

CERTIFICATES: Concepts = {
    "vegan": """
        vegan, vegan*, animal free, cruelty free, tierversuchsfrei*, tierleidfrei*, 纯素, 零残忍,
        素食
    """,
    "organic": """
        organic, organically, bio, bioqualität, biologisch, aus biologischem anbau,
        kontrolliert biologisch*, kba, biobaumwoll*, 有机
    """,
    "fair trade": """
        fair trade, fairtrade, fairly traded, fair gehandelt*, fairer handel, fair produziert*,
        ethically made, ethically sourced, 公平贸易
    """,
    "recycled": """
        recycled, recyclable, upcycled, recycelt*, rezykliert*, recyclingmaterial*, recycelbar*,
        再生材料, 回收材料, 可回收, 再生纤维
    """,
    "a seal": """
        oeko tex, ökotex, gots, fsc, pefc, bluesign, blauer engel, blue angel, eu ecolabel,
        cradle to cradle, b corp, grüner knopf, 绿色认证, 十环认证
    """,
    "certified": """
        certified, certification, certificate, certificates, zertifiziert*, zertifikat*, tüv*,
        gs geprüft, ce geprüft, iso norm, din norm, ce kennzeichnung, geprüfte qualität,
        approved by, 认证, 通过检测, 国家标准, 质检
    """,
    "free of pollutants": """
        bpa free, pfc free, pfas free, lead free, phthalate free, non toxic, toxin free,
        free of harmful, chemical free, schadstofffrei*, bpa frei, pfc frei, pfas frei,
        ungiftig*, chemiefrei*, frei von schadstoffen, ohne schadstoffe, ohne chemie, 无毒, 不含bpa,
        无甲醛, 零甲醛, 无添加
    """,
    "free of allergens": """
        gluten free, lactose free, sugar free, nut free, fat free, no added sugar, glutenfrei*,
        laktosefrei*, zuckerfrei*, ohne zuckerzusatz, nussfrei*, fettfrei*, 无麸质, 无糖, 无乳糖,
        零脂,
        零糖, 低卡
    """,
    "halal": """
        halal, kosher, koscher*, 清真
    """,
}
"""What somebody has certified, or should have."""
