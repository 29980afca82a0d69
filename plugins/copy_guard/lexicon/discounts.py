"""Words of reductions and offers."""

from __future__ import annotations

SIGNS = """
    off, discount*, sale, *rabatt*, prozente, reduced, reduziert*, spar, spare, sparen, sparst,
    save, saves, savings, cheaper, *nachlass, gunstiger, 折, 优惠, 特价, 减, 降价, 省
"""
"""Beside one of them a number is never a mere fact of a product."""

REDUCTIONS = """
    discount*, sale, sales, sale price*, salesprice*, reduced, price cut*, price drop*,
    drop in price, lower price*, low price*, lowest price*, bargain*, deal, deals, clearance,
    markdown*, rebate*, cashback, cash back, promo, promos, bogo, money off, save big, save now,
    save money, save more, save up to, save on, savings, you save, cheap, cheaper, cheapest,
    on special, special price*, costs less, price less, pay less, less than usual, knocked off,
    slashed, steal, final reduction*, markdowns, half price, *rabatt*, reduziert*,
    herabgesetzt*, *ausverkauf*, rausverkauf, preissturz*, preissenkung*, preisnachlass*,
    nachlass, *schnappchen*, *aktionspreis*, *sonderpreis*, *sonderangebot*, tiefpreis*,
    *sparpreis*, preisvorteil*, preisgesenkt*, gesenkt*, ersparnis*, sparen, sparst, gespart,
    jetzt spar*, spar jetzt, spare jetzt, gunstiger*, gunstigste*, billig*, prozente,
    weniger zahlen, zahlst weniger, halber preis, halben preis, preisknaller, *schlussverkauf*,
    kaufpreisminderung, 打折, 折扣, 折上折, 特价, 特惠, 减价, 降价, 直降, 立减, 满减, 半价, 促销,
    大促, 甩卖, 清仓, 返现, 立省, 省钱,
    更便宜, 便宜, 低价, 底价, 让利, 惠价, 买一送一, 骨折价, 对折, 划算, 秒杀价, 跳楼价
"""
"""It costs less than it did."""

OFFERS = """
    offer, offers, special offer*, voucher*, coupon*, promotion, promotions, promo code*,
    discount code*, angebot, angebote, angebotspreis, *gutschein*, gutscheincode*, rabattcode*,
    *aktionscode*, 优惠, 优惠券, 优惠码, 折扣码, 红包, 领券, 代金券
"""
"""Something is offered, by a code or without."""

CURRENCIES = """
    euro, euros, eur, cents, cent, dollar, dollars, usd, gbp, chf, pound sterling, pounds, quid,
    bucks, pence, fiver, tenner, tenners, zehner, fuffi, fuffziger, hunni, zwanni, franken,
    rappen, yen, yuan, rmb, cny, jpy, renminbi, rupees, krona, kronen, zloty, 欧元, 美元, 英镑,
    日元,
    人民币, 元整, 块钱, 元钱, 毛钱, 港币, 法郎, 卢比
"""
"""Names of money."""
