"""Materials of things."""

from __future__ import annotations

from . import Concepts

MATERIALS: Concepts = {
    "wool": """
        wool, woollen, woolen, wolle, wollen, schafwolle, lammwolle, wollig*, schurwoll*, 羊毛
    """,
    "merino": """
        merino, merinowoll*, merino*, 美利奴, 美丽诺
    """,
    "cashmere": """
        cashmere, kaschmir*, 羊绒, 开司米
    """,
    "cotton": """
        cotton, baumwoll*, 棉, 纯棉, 棉质
    """,
    "silk": """
        silk, pure silk, seide, reine seide, seiden, 真丝, 丝绸, 蚕丝, 桑蚕丝
    """,
    "linen": """
        linen, leinen, leinen*, 亚麻
    """,
    "leather": """
        leather, leder, *leder, leder*, lederoptik, genuine leather, 皮革, 真皮, 牛皮, 皮质,
        头层皮, 羊皮
    """,
    "suede": """
        suede, nubuck, wildleder*, veloursleder*, nubuk*, rauleder*, 绒面, 麂皮, 磨砂皮
    """,
    "down": """
        down filled, down filling, goose down, duck down, daunen*, gänsedaunen, entendaunen, 羽绒,
        鹅绒, 鸭绒
    """,
    "fleece": """
        fleece, fleece*, 抓绒, 摇粒绒
    """,
    "feathers": """
        feather filled, feathers, feather filling, mit federn gefüllt, federfüllung*, 羽毛填充,
        羽绒填充
    """,
    "alpaca": """
        alpaca, mohair, angora, alpaka*, 羊驼, 马海毛
    """,
    "fur": """
        faux fur, real fur, fur trim, sheepskin, shearling, lammfell*, kunstfell*, echtfell,
        schaffell*, 皮草, 羊羔毛, 毛皮
    """,
    "polyester": """
        polyester, polyamid*, polyamide, nylon, acrylic, acryl, elastane, elasthan, spandex,
        lycra, 涤纶, 锦纶, 尼龙, 聚酯, 氨纶, 腈纶
    """,
    "viscose": """
        viscose, viskose, modal, lyocell, tencel, rayon, 粘胶, 莫代尔, 天丝, 莱赛尔
    """,
    "denim": """
        denim, corduroy, jeansstoff, cord, cordsamt, 牛仔布, 灯芯绒
    """,
    "velvet": """
        velvet, velour*, samt, 天鹅绒, 丝绒
    """,
    "neoprene": """
        neoprene, neopren*, 氯丁橡胶, 潜水料
    """,
    "bamboo": """
        竹手柄, 竹子, bamboo, bambus*, 竹纤维, 竹制, 竹炭
    """,
    "hemp": """
        麻线, 麻质, hemp, jute, hanf*, 麻布, 黄麻, 大麻纤维
    """,
    "canvas": """
        canvas, segeltuch, 帆布
    """,
    "membrane": """
        gore tex, goretex, goretex*, sympatex, dermizax, event membrane, membran, membrane,
        vibram, vibramsohle, primaloft, cordura, dyneema, kevlar, coolmax, thinsulate, polartec,
        boa, 戈尔特斯
    """,
    "steel": """
        stainless steel, stainless, steel, edelstahl*, stahl, rostfreier stahl, carbon steel,
        不锈钢, 钢制, 精钢
    """,
    "aluminium": """
        aluminium, aluminum, alu, alu*, 铝合金, 铝制
    """,
    "titanium": """
        titanium, titan, titan*, 钛, 钛合金
    """,
    "carbon": """
        carbon*, 碳板, 碳素, carbon fibre, carbon fiber, carbonfaser*, kohlefaser*, 碳纤维
    """,
    "gold": """
        gold plated, solid gold, real gold, carat, karat, vergoldet*, echtgold, 镀金, 纯金, 足金
    """,
    "silver": """
        sterling silver, silver plated, solid silver, versilbert*, echtsilber, 925er silber, 纯银,
        镀银
    """,
    "precious stones": """
        diamond*, diamant*, sapphire*, saphir*, ruby, rubies, rubin*, pearls, perlen, swarovski,
        钻石, 蓝宝石, 珍珠
    """,
    "brass": """
        brass, copper, bronze, cast iron, messing*, kupfer*, gusseisen*, 黄铜, 铸铁
    """,
    "wood": """
        solid wood, oak, beech, walnut, walnut base, mahogany, cherry wood, nussbaum*,
        mahagoni*, kirschholz*, teak, ash wood, massivholz*, eichenholz*, buchenholz*,
        nussbaumholz*, eiche, buche, 木制, 红木, 实木, 橡木, 胡桃木, 榉木, 柚木
    """,
    "glass": """
        borosilicate*, crystal glass, borosilikat*, kristallglas, 水晶玻璃, 高硼硅
    """,
    "ceramic": """
        ceramic*, porcelain, keramik*, porzellan*, 陶瓷, 瓷器, 骨瓷
    """,
    "rubber": """
        natural rubber, rubber sole*, silicone, latex, naturkautschuk*, kautschuk*, gummisohle*,
        silikon*, 硅胶, 橡胶底, 乳胶
    """,
    "marble": """
        marble, granite, marmor*, granit*, 大理石, 花岗岩
    """,
}
"""What a product is made of."""
