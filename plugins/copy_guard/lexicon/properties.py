"""Properties of things: what they stand, do and have."""

from __future__ import annotations

from . import Concepts

PROPERTIES: Concepts = {
    "waterproof": """
        waterproof*, water proof, watertight, wasserdicht*, wasserfest*, 防水
    """,
    "water repellent": """
        coated against rain, against rain, gegen regen, rain coating, 防雨涂层, 防水涂层,
        repels water,
        water repell*, water repellent*, water resistant*, rainproof*, showerproof,
        splash proof, splashproof, wasserabweisend*, wasserabweisung, regendicht*, regenfest*,
        imprägniert*, 防泼水, 拒水, 防雨, 泼水
    """,
    "windproof": """
        windproof*, wind resistant, winddicht*, windabweisend*, windfest*, 防风
    """,
    "breathable": """
        breathable, breathability, atmungsaktiv*, luftdurchlässig*, 透气
    """,
    "quick drying": """
        dries in no time, trocknet im nu, 瞬间干, 秒干, quick drying, quick dry, fast drying,
        dries fast, dries quickly, schnelltrocknend*, trocknet schnell, 速干, 快干
    """,
    "insulating": """
        insulated, insulating, thermal*, thermo*, isolierend*, isoliert*, wärmeisolier*,
        wärmend gefüttert, 保温, 隔热
    """,
    "heated": """
        heated, self heating, beheizt*, beheizbar*, heizbar*, 加热, 发热
    """,
    "elastic": """
        stretchy, stretch fabric, elastic, elasticated, elastisch*, dehnbar*, 弹力, 弹性
    """,
    "ultralight": """
        ultralight, ultra light, featherlight, feather light, weightless, lightest,
        ultraleicht*, federleicht*, schwerelos*, 超轻, 轻如羽毛, 极轻
    """,
    "washable": """
        machine washable, washable, waschbar*, maschinenwaschbar*, waschmaschinenfest*, 可机洗,
        机洗,
        可水洗
    """,
    "dishwasher safe": """
        dishwasher safe, dishwasher proof, spülmaschinenfest*, spülmaschinengeeignet*,
        spuelmaschinen*, 洗碗机
    """,
    "ovenproof": """
        ovenproof, oven safe, oven proof, ofenfest*, backofenfest*, hitzebeständig*,
        heat resistant, heatproof, 耐高温, 耐热, 烤箱可用
    """,
    "microwave safe": """
        microwave safe, microwaveable, mikrowellengeeignet*, mikrowellenfest*, 微波炉
    """,
    "non-stick": """
        non stick, nonstick, antihaft*, 不粘
    """,
    "rustproof": """
        rustproof, rust proof, rust free, rostfrei*, 防锈, 不生锈
    """,
    "scratchproof": """
        scratchproof, scratch proof, scratch resistant, kratzfest*, 防刮, 耐刮, 耐磨
    """,
    "shockproof": """
        shockproof, shock proof, shock absorbing, stoßfest*, bruchsicher*, unbreakable,
        unzerbrechlich*, 防摔, 抗摔, 防震, 避震, 减震
    """,
    "tearproof": """
        tearproof, ripstop, rip stop, tear resistant, indestructible, reißfest*, unverwüstlich*,
        unkaputtbar*, 防撕裂, 抗撕裂
    """,
    "non-slip": """
        non slip, anti slip, slip resistant, slipproof, rutschfest*, rutschsicher*, 防滑
    """,
    "UV protection": """
        uv protection, uv protected, sun protection, spf, upf, uv schutz, lichtschutzfaktor,
        sonnenschutz, 防晒, 防紫外线
    """,
    "fireproof": """
        fireproof, fire proof, fire resistant, flame retardant, flameproof, feuerfest*,
        feuerbeständig*, schwer entflammbar*, flammhemmend*, 防火, 阻燃
    """,
    "antistatic": """
        antistatic, anti static, antistatisch*, 防静电
    """,
    "magnetic": """
        magnetic, magnet, magnets, magnetisch*, magnetverschluss*, magnetknopf*, 磁吸, 磁性
    """,
    "zip": """
        zip, zipper, zippered, zipped, velcro, reißverschluss*, klettverschluss*, 拉链, 魔术贴
    """,
    "warming": """
        keeps you warm at, down to minus, wärmt bis, 发热纤维
    """,
    "reflective": """
        glow in the dark, glows in the dark, luminous, leuchtet im dunkeln, leuchtend*,
        nachleuchtend*, 夜光, 荧光, reflective, reflektierend*, reflektor*, 反光
    """,
    "antibacterial": """
        antibacterial, anti bacterial, antimicrobial, odour resistant, odor resistant,
        antibakteriell*, geruchshemmend*, 抗菌, 抑菌, 防臭, 除菌, 杀菌
    """,
    "hypoallergenic": """
        hypoallergenic, allergy free, anti allergic, hypoallergen*, antiallergisch*,
        allergikergeeignet*, 低敏, 防过敏, 抗敏
    """,
    "wrinkle free": """
        wrinkle free, non iron, iron free, crease free, bügelfrei*, knitterfrei*, knitterarm*,
        免烫, 抗皱, 防皱
    """,
    "foldable": """
        foldable, folds flat, collapsible, packable, faltbar*, klappbar*, zusammenklappbar*,
        可折叠, 折叠
    """,
    "adjustable": """
        adjustable, height adjustable, verstellbar*, höhenverstellbar*, anpassbar*, 可调节, 可调
    """,
    "ergonomic": """
        ergonomic*, ergonomisch*, orthopaedic*, orthopedic*, orthopädisch*, 人体工学, 人体工程, 矫形
    """,
    "cordless": """
        cordless, wireless, kabellos*, drahtlos*, schnurlos*, 无线
    """,
    "rechargeable": """
        rechargeable, battery powered, wiederaufladbar*, aufladbar*, akkubetrieben*, 可充电, 充电式
    """,
    "solar": """
        solar powered, solar panel*, solarbetrieben*, solarzelle*, 太阳能
    """,
    "bluetooth": """
        bluetooth, wifi, wi fi, wlan, nfc, gps, usb, 蓝牙, 无线网
    """,
    "noise cancelling": """
        noise cancelling, noise canceling, noise reduction, soundproof, geräuschunterdrück*,
        schalldicht*, schallgedämmt*, 降噪, 隔音
    """,
    "hood": """
        hood, hooded, kapuze, kapuzen*, 连帽, 兜帽
    """,
    "pockets": """
        pocket, pockets, zipped pocket*, tasche mit reißverschluss, innentasche*, seitentasche*,
        reißverschlusstasche*, 口袋, 拉链袋
    """,
    "sealed seams": """
        sealed seams, taped seams, seam sealed, versiegelte nähte, getapte nähte,
        verschweißte nähte, 压胶
    """,
    "lined": """
        fully lined, fur lined, fleece lined, gefüttert*, innenfutter, 内衬, 加绒, 加厚
    """,
    "padded": """
        padded, cushioned, cushioning, memory*, memory foam, gepolstert*, dämpfung*, gedämpft*,
        缓震, 记忆棉, 加垫
    """,
    "handmade": """
        handmade, hand made, handcrafted, hand crafted, hand sewn, hand stitched, handgemacht*,
        handgefertigt*, handgenäht*, in handarbeit, handarbeit, 手工, 纯手工
    """,
    "made to measure": """
        made to measure, bespoke, custom made, tailor made, maßgefertigt*, maßgeschneidert*,
        nach maß, 量身定制, 定制
    """,
    "origin": """
        made in *, made in germany, made in italy, swiss made, hergestellt in *, gefertigt in *,
        aus deutscher produktion, aus heimischer, aus eigener herstellung, locally made,
        locally sourced, regional*, imported, importiert*, 国产, 进口, 原装, 德国制造, 意大利制造,
        日本制造, 瑞士制造,
        产自
    """,
    "new": """
        brand new technology, newest generation, latest generation, neueste generation,
        neuster generation, 最新一代, 新一代, 黑科技
    """,
}
"""Of a product, what it stands, does and has."""
