"""The rule of features: a material, a property or a certificate must be a fact of the product."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .concepts import Concepts, find_concepts

PROPERTIES: Concepts = {
    "waterproof": "waterproof*, water proof, watertight, wasserdicht*, wasserfest*, 防水",
    "water repellent": "repels water, water repell*, water repellent*, water resistant*, rainproof*, showerproof, splash proof, splashproof, wasserabweisend*, wasserabweisung, regendicht*, regenfest*, imprägniert*, 防泼水, 拒水, 防雨, 泼水",
    "windproof": "windproof*, wind resistant, winddicht*, windabweisend*, windfest*, 防风",
    "breathable": "breathable, breathability, atmungsaktiv*, luftdurchlässig*, 透气",
    "quick drying": "quick drying, quick dry, fast drying, dries fast, dries quickly, schnelltrocknend*, trocknet schnell, 速干, 快干",
    "insulating": "insulated, insulating, thermal*, thermo*, isolierend*, isoliert*, wärmeisolier*, wärmend gefüttert, 保温, 隔热",
    "heated": "heated, self heating, beheizt*, beheizbar*, heizbar*, 加热, 发热",
    "elastic": "stretchy, stretch fabric, elastic, elasticated, elastisch*, dehnbar*, 弹力, 弹性",
    "ultralight": "ultralight, ultra light, featherlight, feather light, weightless, lightest, ultraleicht*, federleicht*, schwerelos*, 超轻, 轻如羽毛, 极轻",
    "washable": "machine washable, washable, waschbar*, maschinenwaschbar*, waschmaschinenfest*, 可机洗, 机洗, 可水洗",
    "dishwasher safe": "dishwasher safe, dishwasher proof, spülmaschinenfest*, spülmaschinengeeignet*, spuelmaschinen*, 洗碗机",
    "ovenproof": "ovenproof, oven safe, oven proof, ofenfest*, backofenfest*, hitzebeständig*, heat resistant, heatproof, 耐高温, 耐热, 烤箱可用",
    "microwave safe": "microwave safe, microwaveable, mikrowellengeeignet*, mikrowellenfest*, 微波炉",
    "non-stick": "non stick, nonstick, antihaft*, 不粘",
    "rustproof": "rustproof, rust proof, rust free, rostfrei*, 防锈, 不生锈",
    "scratchproof": "scratchproof, scratch proof, scratch resistant, kratzfest*, 防刮, 耐刮, 耐磨",
    "shockproof": "shockproof, shock proof, shock absorbing, stoßfest*, bruchsicher*, unbreakable, unzerbrechlich*, 防摔, 抗摔, 防震, 避震, 减震",
    "tearproof": "tearproof, ripstop, rip stop, tear resistant, indestructible, reißfest*, unverwüstlich*, unkaputtbar*, 防撕裂, 抗撕裂",
    "non-slip": "non slip, anti slip, slip resistant, slipproof, rutschfest*, rutschsicher*, 防滑",
    "UV protection": "uv protection, uv protected, sun protection, spf, upf, uv schutz, lichtschutzfaktor, sonnenschutz, 防晒, 防紫外线",
    "reflective": "glow in the dark, glows in the dark, luminous, leuchtet im dunkeln, leuchtend*, nachleuchtend*, 夜光, 荧光, reflective, reflektierend*, reflektor*, 反光",
    "antibacterial": "antibacterial, anti bacterial, antimicrobial, odour resistant, odor resistant, antibakteriell*, geruchshemmend*, 抗菌, 抑菌, 防臭, 除菌, 杀菌",
    "hypoallergenic": "hypoallergenic, allergy free, anti allergic, hypoallergen*, antiallergisch*, allergikergeeignet*, 低敏, 防过敏, 抗敏",
    "wrinkle free": "wrinkle free, non iron, iron free, crease free, bügelfrei*, knitterfrei*, knitterarm*, 免烫, 抗皱, 防皱",
    "foldable": "foldable, folds flat, collapsible, packable, faltbar*, klappbar*, zusammenklappbar*, 可折叠, 折叠",
    "adjustable": "adjustable, height adjustable, verstellbar*, höhenverstellbar*, anpassbar*, 可调节, 可调",
    "ergonomic": "ergonomic*, ergonomisch*, orthopaedic*, orthopedic*, orthopädisch*, 人体工学, 人体工程, 矫形",
    "cordless": "cordless, wireless, kabellos*, drahtlos*, schnurlos*, 无线",
    "rechargeable": "rechargeable, battery powered, wiederaufladbar*, aufladbar*, akkubetrieben*, 可充电, 充电式",
    "solar": "solar powered, solar panel*, solarbetrieben*, solarzelle*, 太阳能",
    "bluetooth": "bluetooth, wifi, wi fi, wlan, nfc, gps, usb, 蓝牙, 无线网",
    "noise cancelling": "noise cancelling, noise canceling, noise reduction, soundproof, geräuschunterdrück*, schalldicht*, schallgedämmt*, 降噪, 隔音",
    "hood": "hood, hooded, kapuze, kapuzen*, 连帽, 兜帽",
    "pockets": "pocket, pockets, zipped pocket*, tasche mit reißverschluss, innentasche*, seitentasche*, reißverschlusstasche*, 口袋, 拉链袋",
    "sealed seams": "sealed seams, taped seams, seam sealed, versiegelte nähte, getapte nähte, verschweißte nähte, 压胶",
    "lined": "fully lined, fur lined, fleece lined, gefüttert*, innenfutter, 内衬, 加绒, 加厚",
    "padded": "padded, cushioned, cushioning, memory*, memory foam, gepolstert*, dämpfung*, gedämpft*, 缓震, 记忆棉, 加垫",
    "handmade": "handmade, hand made, handcrafted, hand crafted, hand sewn, hand stitched, handgemacht*, handgefertigt*, handgenäht*, in handarbeit, handarbeit, 手工, 纯手工",
    "made to measure": "made to measure, bespoke, custom made, tailor made, maßgefertigt*, maßgeschneidert*, nach maß, 量身定制, 定制",
    "origin": "made in *, made in germany, made in italy, swiss made, hergestellt in *, gefertigt in *, aus deutscher produktion, aus heimischer, aus eigener herstellung, locally made, locally sourced, regional*, imported, importiert*, 国产, 进口, 原装, 德国制造, 意大利制造, 日本制造, 瑞士制造, 产自",
    "new": "brand new technology, newest generation, latest generation, neueste generation, neuster generation, 最新一代, 新一代, 黑科技",
}
MATERIALS: Concepts = {
    "wool": "wool, woollen, woolen, wolle, wollen, *wolle, schurwoll*, 羊毛",
    "merino": "merino, merinowoll*, merino*, 美利奴, 美丽诺",
    "cashmere": "cashmere, kaschmir*, 羊绒, 开司米",
    "cotton": "cotton, baumwoll*, 棉, 纯棉, 棉质",
    "silk": "silk, pure silk, seide, reine seide, seiden, 真丝, 丝绸, 蚕丝, 桑蚕丝",
    "linen": "linen, leinen, leinen*, 亚麻",
    "leather": "leather, leder, *leder, leder*, lederoptik, genuine leather, 皮革, 真皮, 牛皮, 皮质, 头层皮, 羊皮",
    "suede": "suede, nubuck, wildleder*, veloursleder*, nubuk*, rauleder*, 绒面, 麂皮, 磨砂皮",
    "down": "down filled, down filling, goose down, duck down, daunen*, gänsedaunen, entendaunen, 羽绒, 鹅绒, 鸭绒",
    "fleece": "fleece, fleece*, 抓绒, 摇粒绒",
    "fur": "faux fur, real fur, fur trim, sheepskin, shearling, lammfell*, kunstfell*, echtfell, schaffell*, 皮草, 羊羔毛, 毛皮",
    "polyester": "polyester, polyamid*, polyamide, nylon, acrylic, acryl, elastane, elasthan, spandex, lycra, 涤纶, 锦纶, 尼龙, 聚酯, 氨纶, 腈纶",
    "viscose": "viscose, viskose, modal, lyocell, tencel, rayon, 粘胶, 莫代尔, 天丝, 莱赛尔",
    "denim": "denim, corduroy, jeansstoff, cord, cordsamt, 牛仔布, 灯芯绒",
    "velvet": "velvet, velour*, samt, 天鹅绒, 丝绒",
    "neoprene": "neoprene, neopren*, 氯丁橡胶, 潜水料",
    "bamboo": "bamboo, bambus*, 竹纤维, 竹制, 竹炭",
    "hemp": "hemp, jute, hanf*, 麻布, 黄麻, 大麻纤维",
    "canvas": "canvas, segeltuch, 帆布",
    "membrane": "gore tex, goretex, goretex*, sympatex, dermizax, event membrane, membran, membrane, vibram, vibramsohle, primaloft, cordura, dyneema, kevlar, coolmax, thinsulate, polartec, boa, 戈尔特斯",
    "steel": "stainless steel, stainless, steel, edelstahl*, stahl, rostfreier stahl, carbon steel, 不锈钢, 钢制, 精钢",
    "aluminium": "aluminium, aluminum, alu, alu*, 铝合金, 铝制",
    "titanium": "titanium, titan, titan*, 钛, 钛合金",
    "carbon": "carbon*, 碳板, 碳素, carbon fibre, carbon fiber, carbonfaser*, kohlefaser*, 碳纤维",
    "gold": "gold plated, solid gold, real gold, carat, karat, vergoldet*, echtgold, 镀金, 纯金, 足金",
    "silver": "sterling silver, silver plated, solid silver, versilbert*, echtsilber, 925er silber, 纯银, 镀银",
    "precious stones": "diamond*, diamant*, sapphire*, saphir*, ruby, rubies, rubin*, pearls, perlen, swarovski, 钻石, 蓝宝石, 珍珠",
    "brass": "brass, copper, bronze, cast iron, messing*, kupfer*, gusseisen*, 黄铜, 铸铁",
    "wood": "solid wood, oak, beech, walnut wood, teak, ash wood, massivholz*, eichenholz*, buchenholz*, nussbaumholz*, eiche, buche, 实木, 橡木, 胡桃木, 榉木, 柚木",
    "glass": "borosilicate*, crystal glass, borosilikat*, kristallglas, 水晶玻璃, 高硼硅",
    "ceramic": "ceramic*, porcelain, keramik*, porzellan*, 陶瓷, 瓷器, 骨瓷",
    "rubber": "natural rubber, rubber sole*, silicone, latex, naturkautschuk*, kautschuk*, gummisohle*, silikon*, 硅胶, 橡胶底, 乳胶",
    "marble": "marble, granite, marmor*, granit*, 大理石, 花岗岩",
}
CERTIFICATES: Concepts = {
    "vegan": "vegan, vegan*, animal free, cruelty free, tierversuchsfrei*, tierleidfrei*, 纯素, 零残忍, 素食",
    "organic": "organic, organically, bio, bioqualität, biologisch, aus biologischem anbau, kontrolliert biologisch*, kba, biobaumwoll*, 有机",
    "fair trade": "fair trade, fairtrade, fairly traded, fair gehandelt*, fairer handel, fair produziert*, ethically made, ethically sourced, 公平贸易",
    "recycled": "recycled, recyclable, upcycled, recycelt*, rezykliert*, recyclingmaterial*, recycelbar*, 再生材料, 回收材料, 可回收, 再生纤维",
    "a seal": "oeko tex, ökotex, gots, fsc, pefc, bluesign, blauer engel, blue angel, eu ecolabel, cradle to cradle, b corp, grüner knopf, 绿色认证, 十环认证",
    "certified": "certified, certification, certificate, certificates, zertifiziert*, zertifikat*, tüv*, gs geprüft, ce geprüft, iso norm, din norm, ce kennzeichnung, geprüfte qualität, approved by, 认证, 通过检测, 国家标准, 质检",
    "free of pollutants": "bpa free, pfc free, pfas free, lead free, phthalate free, non toxic, toxin free, free of harmful, chemical free, schadstofffrei*, bpa frei, pfc frei, pfas frei, ungiftig*, chemiefrei*, frei von schadstoffen, ohne schadstoffe, ohne chemie, 无毒, 不含bpa, 无甲醛, 零甲醛, 无添加",
    "free of allergens": "gluten free, lactose free, sugar free, nut free, fat free, no added sugar, glutenfrei*, laktosefrei*, zuckerfrei*, ohne zuckerzusatz, nussfrei*, fettfrei*, 无麸质, 无糖, 无乳糖, 零脂, 零糖, 低卡",
    "halal": "halal, kosher, koscher*, 清真",
}
_INNOCENT = (
    r"(?:golden|silver) lining|steel yourself|nerves of steel|nerven aus stahl|wrapped in cotton|"
    r"in watte|(?:cut|rough) diamond|pearls of|perlen der|smooth as silk|wie seide|bio? zu|am buche|"
    r"im samt|sanft und samt|(?:samt|mitsamt) (?:dem|der|den)|in your pocket|pocket[- ]sized|out of pocket|"
    r"thermal (?:bath|springs?)|thermo(?:meter|logie)|under the hood|carbon (?:neutral|footprint)|carbon ?neutral\w*|"
    r"regional(?:bahn|zug|express)|(?:den|allen|einen|durch|unter|im|alte[rn]?) (?:eichen?|buchen?)|"
    r"(?:old|tall|under the|an?) (?:oak|beech)|elastic step|entspannt|titanen|titanisch|albumin|"
    r"alumni\w*|made in (?:heaven|the shade)|wolle(?:n|st|t)? (?:wir|sie|ihr|dich|dir|man)|(?:wir|sie|die|das|es) wollen|"
    r"wollen (?:wir|sie|dich|die|das|es|nicht|mehr|raus|hinaus|los|gehen)|cord(?:ial|on)\w*|mit reisverschluss|棉花糖|木棉花"
)


def find_features(case: Case) -> Iterator[Objection]:
    """Object to features of the lexicon and words of the catalogue that these products lack."""
    said = "claims '{}', which is no fact of these products"
    for concepts in (PROPERTIES, MATERIALS, CERTIFICATES):
        yield from find_concepts(case, "features", concepts, said, _INNOCENT)
    for passage in case.passages:
        for start, end in case.vocabulary(passage.reading.bare):
            word = passage.reading.bare[start:end]
            if not case.facts.text.count(word):
                said = "a word of other products in the catalogue, no fact of these"
                yield refuse("features", passage, passage.reading, (start, end), said)
