"""Claims of health and environment."""

from __future__ import annotations

from . import Concepts

HEALTH: Concepts = {
    "it heals": """
        cure for, heilmittel*, wundermittel*, 解药, 良药, 强健, 护关节, strengthens your,
        strengthens the, stärkt deine, stärkt die, stärkt den, stärkt das, kräftigt*, eases,
        eases pain, soothes, soothing, reduces stress, relieves stress, stress relief,
        baut stress ab, stressabbau*, beruhigt, 减轻, 减压, 缓解压力, 舒缓, cure, cures, cured,
        heal,
        heals, healed, healing, remedy, remedies, medicinal, therapeutic, therapy, treats pain,
        relieves, relieve pain, pain relief, pain free, painless, heilt, heilen, heilend*,
        heilkraft*, heilsam*, lindert, lindern, linderung, schmerzlindernd*, schmerzfrei*,
        therapeutisch*, medizinisch*, arznei*, 治疗, 治愈, 疗效, 缓解, 止痛, 药用, 医用, 根治, 祛病
    """,
    "it prevents illness": """
        prevents, boosts immunity, immune system, strengthens your immune, good for your heart,
        lowers blood pressure, lowers cholesterol, anti inflammatory, detox*, slimming,
        weight loss, lose weight, burns fat, fat burning, anti ageing, anti aging, rejuvenat*,
        immunsystem, stärkt die abwehr*, entzündungshemmend*, beugt vor, vorbeugend*,
        entschlackt*, entgiftet*, abnehmen, fettverbrennung*, blutdruck*, verjüng*, 增强免疫,
        提高免疫,
        免疫力, 降血压, 减肥, 瘦身, 排毒, 抗衰老, 燃脂, 预防疾病, 消炎, 养生功效
    """,
    "it is good for health": """
        good for your *, gut für den rücken, gut für deinen rücken, gut für die haut,
        gut für deine haut, gut fürs herz, gut für dich, schont die gelenke, schont den rücken,
        保护脊椎, 保护视力, 保护心脏, 保护关节, 护眼, 护肤, healthy, healthier, health benefits,
        good for you,
        wholesome, gesund*, gesünder*, bekömmlich*, wohltuend*, 健康, 有益健康, 更健康
    """,
    "doctors say so": """
        science says, science proves, vets approve, vets recommend, vet approved, tierärzt*,
        die wissenschaft, studien zeigen, studies show, a study, research shows, studie*, 科学,
        兽医, 研究表明, 研究证明, clinically, clinically proven, clinically tested,
        dermatologically*,
        dermatologist*, doctor recommended, recommended by doctors, doctors recommend,
        scientifically*, science backed, fda, klinisch*, dermatologisch*, hautärzt*, ärztlich*,
        von ärzten, wissenschaftlich*, 临床, 皮肤科, 医生推荐, 科学证明, 科学验证, 专家推荐
    """,
}
"""What it does for a body."""

ENVIRONMENT: Concepts = {
    "climate": """
        carbon footprint, no footprint, footprint, fußabdruck*, 碳足迹, climate neutral*,
        climate positive, climate friendly, carbon neutral*, carbonneutral, carbon negative,
        net zero, zero emission*, co2 neutral*, co2 free, low carbon, offset*, klimaneutral*,
        klimapositiv*, klimafreundlich*, co2neutral*, emissionsfrei*, klimaschonend*, 碳中和, 零碳,
        低碳, 零排放, 气候友好
    """,
    "environment": """
        öko, öko*, eco, eco friendly, ecofriendly, ecological*, environmentally*,
        environment friendly, green choice, greener, planet friendly, good for the planet,
        kind to the planet, earth friendly, saves the planet, sustainable, sustainably,
        sustainability, umweltfreundlich*, umweltschonend*, umweltbewusst*, ökologisch*,
        nachhaltig*, ressourcenschonend*, gut für die umwelt, gut für den planeten, 环保, 绿色环保,
        可持续, 生态友好, 爱护地球
    """,
    "no waste": """
        biodegradable, compostable, plastic free, zero waste, waste free, microplastic free,
        plastikfrei*, biologisch abbaubar*, kompostierbar*, abfallfrei*, müllfrei*, 可降解, 零废弃,
        无塑, 可堆肥
    """,
    "nature": """
        all natural, natural ingredients, naturally derived, nothing artificial, naturrein*,
        rein natürlich*, naturbelassen*, natürliche inhaltsstoffe, aus der natur, 纯天然, 全天然,
        天然成分
    """,
}
"""What it does to the world."""
