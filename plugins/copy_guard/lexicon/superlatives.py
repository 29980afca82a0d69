"""Superlatives: the best, the first, the only."""

from __future__ import annotations

SUPERLATIVES = """
    matchless, can match it, match it, as good as it gets, crown of, the crown, mithalten,
    erste wahl, besser geht, krone ihrer, krone seiner, krönung, 无人能及, 无双, 极点, 之冠,
    第一选择,
    unequalled, unequaled, no equal, without equal, peerless, top of its class, best in class,
    class leading, nothing comes close, comes close, nothing like it, unerreicht*, klassenbest*,
    kommt da heran, kommt daran heran, nichts kommt, kein vergleich, sucht vergeblich,
    konkurrenzlos, 无可比拟, 独步, 终极, 同级, 不可替代, 超越一切, 一流, 至尊, best, finest,
    greatest, cheapest,
    perfect, perfectly, perfection, ultimate, unique, uniquely, only one, number one,
    unrivalled, unrivaled, unbeatable, unbeaten, unmatched, unparalleled, unsurpassed,
    incomparable, second to none, leading, market leader, world class, worldclass, top quality,
    top notch, premium quality, highest quality, the most, fastest, lightest, strongest,
    softest, warmest, toughest, safest, smartest, largest, biggest, longest, newest, latest,
    purest, freshest, tastiest, coolest, like no other, one of a kind, none better,
    nothing better, nothing beats, no better, of all time, ever made, in the world, worlds,
    world's first, revolutionary, flawless, faultless, supreme, beste, bester, bestes, besten,
    bestem, am besten, schönste*, günstigste*, einzigartig*, perfekt*, einmalig*,
    unübertroffen*, unschlagbar*, unvergleichlich*, konkurrenzlos*, beispiellos*, größte*,
    stärkste*, leichteste*, schnellste*, wärmste*, weichste*, hochwertigste*, edelste*,
    feinste*, modernste*, neueste*, neuste*, sicherste*, robusteste*, bequemste*, höchste*,
    optimal*, ideal, ideale*, führend*, marktführer*, weltbeste*, weltklasse, erstklassig*,
    spitzenqualität*, spitzenklasse, makellos*, revolutionär*, ultimativ*, seinesgleichen,
    ihresgleichen, aller zeiten, der welt, nummer eins, die nummer, nichts besseres,
    das einzige, der einzige, die einzige, bestmöglich*, 最好, 最佳, 第一, 唯一, 最优, 最强, 最美,
    最轻, 最快, 最低,
    最高, 最新, 最大, 最舒适, 最便宜, 最受欢迎, 最, 顶级, 顶尖, 极致, 完美, 绝佳, 独一无二,
    无与伦比, 首选, 冠军, 王者, 之王, 天花板, 世界级,
    国家级, 领先, 史上, 全网, 全球, 无敌, 万能, 绝无仅有, 举世无双
"""
