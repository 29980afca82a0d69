"""The rules of claims: health, environment, proof and superlatives need a fact or an allowance."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .concepts import Concepts, find_concepts
from .words import compile_pattern, compile_words

HEALTH: Concepts = {
    "it heals": "eases, eases pain, soothes, soothing, reduces stress, relieves stress, stress relief, baut stress ab, stressabbau*, beruhigt, 减轻, 减压, 缓解压力, 舒缓, cure, cures, cured, heal, heals, healed, healing, remedy, remedies, medicinal, therapeutic, therapy, treats pain, relieves, relieve pain, pain relief, pain free, painless, heilt, heilen, heilend*, heilkraft*, heilsam*, lindert, lindern, linderung, schmerzlindernd*, schmerzfrei*, therapeutisch*, medizinisch*, arznei*, 治疗, 治愈, 疗效, 缓解, 止痛, 药用, 医用, 根治, 祛病",
    "it prevents illness": "prevents, boosts immunity, immune system, strengthens your immune, good for your heart, lowers blood pressure, lowers cholesterol, anti inflammatory, detox*, slimming, weight loss, lose weight, burns fat, fat burning, anti ageing, anti aging, rejuvenat*, immunsystem, stärkt die abwehr*, entzündungshemmend*, beugt vor, vorbeugend*, entschlackt*, entgiftet*, abnehmen, fettverbrennung*, blutdruck*, verjüng*, 增强免疫, 提高免疫, 免疫力, 降血压, 减肥, 瘦身, 排毒, 抗衰老, 燃脂, 预防疾病, 消炎, 养生功效",
    "it is good for health": "good for your *, gut für den rücken, gut für deinen rücken, gut für die haut, gut für deine haut, gut fürs herz, gut für dich, schont die gelenke, schont den rücken, 保护脊椎, 保护视力, 保护心脏, 保护关节, 护眼, 护肤, healthy, healthier, health benefits, good for you, wholesome, gesund*, gesünder*, bekömmlich*, wohltuend*, 健康, 有益健康, 更健康",
    "doctors say so": "clinically, clinically proven, clinically tested, dermatologically*, dermatologist*, doctor recommended, recommended by doctors, doctors recommend, scientifically*, science backed, fda, klinisch*, dermatologisch*, hautärzt*, ärztlich*, von ärzten, wissenschaftlich*, 临床, 皮肤科, 医生推荐, 科学证明, 科学验证, 专家推荐",
}
ENVIRONMENT: Concepts = {
    "climate": "climate neutral*, climate positive, climate friendly, carbon neutral*, carbonneutral, carbon negative, net zero, zero emission*, co2 neutral*, co2 free, low carbon, offset*, klimaneutral*, klimapositiv*, klimafreundlich*, co2 neutral*, co2neutral*, emissionsfrei*, klimaschonend*, 碳中和, 零碳, 低碳, 零排放, 气候友好",
    "environment": "eco, eco friendly, ecofriendly, ecological*, environmentally*, environment friendly, green choice, greener, planet friendly, good for the planet, kind to the planet, earth friendly, saves the planet, sustainable, sustainably, sustainability, umweltfreundlich*, umweltschonend*, umweltbewusst*, ökologisch*, nachhaltig*, ressourcenschonend*, gut für die umwelt, gut für den planeten, 环保, 绿色环保, 可持续, 生态友好, 爱护地球",
    "no waste": "biodegradable, compostable, plastic free, zero waste, waste free, microplastic free, plastikfrei*, biologisch abbaubar*, kompostierbar*, abfallfrei*, müllfrei*, 可降解, 零废弃, 无塑, 可堆肥",
    "nature": "all natural, natural ingredients, naturally derived, nothing artificial, naturrein*, rein natürlich*, naturbelassen*, natürliche inhaltsstoffe, aus der natur, 纯天然, 全天然, 天然成分",
}
PROOF: Concepts = {
    "a prize": "of the year, des jahres, 年度产品, 年度, 奖项, award winning, awardwinning, award, awards, prize winning, preisgekrönt*, ausgezeichnet mit, auszeichnung*, gekürt, testsieger*, stiftung warentest, ökotest, 获奖, 大奖, 金奖",
    "a test": "in the lab, laboratory, im labor, labor, bewiesen, nachprüfbar, 实验室, 证实, tested, lab tested, field tested, trail tested, proven, proven to, approved, certified by, getestet*, erprobt*, geprüft*, bewährt*, nachgewiesen*, nachweislich*, 经过测试, 实测, 检测, 验证, 实验证明",
    "others buy it": "nations favourite, nation's favourite, nations favorite, everybodys favourite, deutschlands liebling*, österreichs liebling*, publikumsliebling*, 全民, 最爱选择, 国民, bestseller*, best seller*, best selling, bestselling, top seller*, topseller*, customer favourite*, customer favorite*, loved by, trusted by, everybody loves, everyone loves, everyone is talking about, five star, top rated, highly rated, rave reviews, reviews say, customers say, customers love, kundenliebling*, verkaufsschlager*, meistverkauft*, beliebteste*, alle lieben, alle reden, bestbewertet*, top bewertet*, von kunden geliebt, kunden sagen, kundinnen lieben, kunden lieben, 热销, 爆款, 畅销, 销量, 口碑, 好评, 人气, 网红, 明星同款, 达人推荐, 回购率",
    "experts say so": "recommended by, experts recommend, experts agree, as seen on, as seen in, used by professionals, endorsed, empfohlen von, experten empfehlen, von profis, von experten, bekannt aus, 推荐机构, 专业人士, 同款推荐",
    "a patent": "patented, patent pending, patentiert*, patent, 专利",
    "original": "genuine, authentic, the original, das original, echtes original, echtheitszertifikat, 正品, 原版, 官方正品",
    "it always works": "always works, never fails, instantly, instant results, immediate results, works every time, foolproof, sofortige wirkung, wirkt sofort, sofort wirksam, funktioniert immer, versagt nie, versagt niemals, 立竿见影, 立即见效, 永不, 包治",
    "comparison": "better than *, outperforms, beats the competition, unlike other brands, superior to, more than any other, compared to other, besser als *, im vergleich zu, überlegen*, anders als andere, schlägt die konkurrenz, 优于, 胜过, 比其他, 超越同类, 吊打",
    "experience": "since the year, decades of, generations of, years of experience, jahrzehnt*, seit generationen, jahre erfahrung, jahrelange erfahrung, 多年经验, 老字号, 百年",
}
SUPERLATIVES = """
    unequalled, unequaled, no equal, without equal, peerless, top of its class, best in class, class leading, nothing comes close, comes close, nothing like it, unerreicht*, klassenbest*, kommt da heran, kommt daran heran, nichts kommt, kein vergleich, sucht vergeblich, konkurrenzlos, 无可比拟, 独步, 终极, 同级, 不可替代, 超越一切, 一流, 至尊,
    best, finest, greatest, cheapest, perfect, perfectly, perfection, ultimate, unique, uniquely, only one, number one,
    unrivalled, unrivaled, unbeatable, unbeaten, unmatched, unparalleled, unsurpassed, incomparable, second to none, leading,
    market leader, world class, worldclass, top quality, top notch, premium quality, highest quality, the most, fastest, lightest, strongest, softest,
    warmest, toughest, safest, smartest, largest, biggest, longest, newest, latest, purest, freshest, tastiest, coolest,
    like no other, one of a kind, none better, nothing better, nothing beats, no better, of all time, ever made, in the world, worlds, world's first, revolutionary,
    flawless, faultless, supreme, beste, bester, bestes, besten, bestem, am besten, schönste*, günstigste*, einzigartig*, perfekt*,
    einmalig*, unübertroffen*, unschlagbar*, unvergleichlich*, konkurrenzlos*, beispiellos*, größte*, stärkste*, leichteste*, schnellste*, wärmste*, weichste*,
    hochwertigste*, edelste*, feinste*, modernste*, neueste*, neuste*, sicherste*, robusteste*, bequemste*, höchste*, optimal*, ideal, ideale*, führend*, marktführer*,
    weltbeste*, weltklasse, erstklassig*, spitzenqualität*, spitzenklasse, makellos*, revolutionär*, ultimativ*, seinesgleichen, ihresgleichen, aller zeiten, der welt,
    nummer eins, die nummer, nichts besseres, das einzige, der einzige, die einzige, bestmöglich*,
    最好, 最佳, 第一, 唯一, 最优, 最强, 最美, 最轻, 最快, 最低, 最高, 最新, 最大, 最舒适, 最便宜, 最受欢迎, 最, 顶级, 顶尖, 极致, 完美, 绝佳, 独一无二, 无与伦比,
    首选, 冠军, 王者, 之王, 天花板, 世界级, 国家级, 领先, 史上, 全网, 全球, 无敌, 万能, 绝无仅有, 举世无双
"""
_INNOCENT = (
    r"best (?:wishes|regards|of luck|friends?|foot|of both|before|when|if|laid|time to)|(?:all the|at its|at their|at your|do your|my|your|our|her|his) best|"
    r"most (?:of|days|people|mornings|evenings|likely|nights|weekends|things)|at (?:most|last|least)|"
    r"(?:on|at|to|over|from|from the|the|to the|near the|at the|a|back to) top(?! quality| seller| rated)|top (?:to|of|up|layer|down|shelf|drawer)|(?:tank|crop|hill|mountain|roof|table)[- ]?top|from top|at the latest|"
    r"leading (?:to|up|up to|the way|you|out|into|down)|(?:out )?in the world|all over the world|the whole world|worlds? (?:away|apart|of)|another worlds?|"
    r"the very top|top off|am besten (?:gleich|noch|mit|bei|schmeckt)|die besten (?:grusse|wunsche)|beste (?:grusse|freunde|wunsche|freundin)|besten (?:dank|gruss|freunde|freund)|"
    r"zum besten geben|der welt (?:entfliehen|entkommen|zeigen|draussen)|(?:rest|ende|lauf|welt|last) der welt|hochste (?:zeit|eisenbahn)|"
    r"(?:latest|newest|neueste[nrs]?|neuste[nrs]?) (?:at|when)|prefer\w*|healthy (?:appetite|respect|dose)|gesunde? (?:skepsis|portion|mischung)|"
    r"tested to|prevents nothing|(?:eine?|mit) gesunden|最后|最近|最终|最初|最爱(?!选择)|最常|最想|全球各地|第一(?:次|步|眼|缕|口|站|天|时间|场|片|道)"
)
_SAID = "claims {}, which is neither a fact of these products nor an allowed claim"


def find_claims(case: Case) -> Iterator[Objection]:
    """Object to claims of health, environment and proof."""
    for concepts in (HEALTH, ENVIRONMENT, PROOF):
        yield from find_concepts(case, "claims", concepts, _SAID, _INNOCENT)


def find_superlatives(case: Case) -> Iterator[Objection]:
    """Object to the best, the first, the only: not even a product's own text proves those."""
    pattern, innocent = compile_words(SUPERLATIVES), compile_pattern(_INNOCENT)
    for passage, reading, found in case.search(pattern, innocent, with_claims=True):
        said = "a superlative that the recipe does not allow"
        yield refuse("superlatives", passage, reading, found.span(), said)
