"""Words that customers of a shop use for the same thing, in English, German and Chinese.

They let a question find an article that says it in other words, or in another language.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cache

_CONCEPTS = {
    "account": "account register registration sign_up signup profile login log_in sign_in konto "
    "kundenkonto registrieren registrierung anmelden anmeldung 账户 账号 帐号 注册 登录",
    "password": "password passcode login passwort kennwort zugangsdaten 密码",
    "parcel": "parcel package packages parcels box shipment delivery paket pakete päckchen sendung "
    "lieferung 包裹 快递 货",
    "send": "ship shipping shipped ships deliver delivery delivered delivers send sent dispatch "
    "dispatched courier arrive arrives arrived arrival versand versenden verschicken geliefert "
    "liefern lieferung zustellung versandkosten lieferzeit 发货 配送 送货 运送 物流 运费 寄",
    "track": "track tracking where status follow whereabouts verfolgen sendungsverfolgung status "
    "wo 跟踪 追踪 查询 查 到哪 哪里",
    "return": "return returns returned returning send_back sent_back sending_back give_back "
    "take_back bring_back hand_back go_back goes_back zurück zurücksenden zurückschicken "
    "zurückgeben rückgabe rücksendung retoure retournieren umtauschen umtausch 退货 退回 退 换货 "
    "退换",
    "refund": "refund refunds refunded reimburse reimbursed reimbursement money_back erstattung "
    "erstatten rückerstattung geld_zurück 退款 返款",
    "exchange": "exchange swap replace replacement replaced umtausch umtauschen tauschen ersatz "
    "austauschen 换货 换 更换",
    "cancel": "cancel cancelled canceled cancelling cancellation call_off revoke withdraw abort "
    "stornieren storno stornierung widerrufen widerruf abbestellen kündigen 取消 撤销",
    "change": "change changed changing modify edit update correct switch amend ändern änderung "
    "anpassen korrigieren 修改 更改 变更 改",
    "order": "order orders ordered ordering purchase purchased bought buy buying bestellung "
    "bestellen bestellt auftrag kauf kaufen gekauft 订单 订购 下单 购买 买",
    "pay": "pay paid paying payment payments payable card visa mastercard paypal invoice "
    "credit_card debit_card bezahlen zahlen zahlung bezahlung zahlungsart zahlungsarten "
    "kreditkarte rechnung lastschrift 付款 支付 支付宝 微信 信用卡",
    "bill": "invoice invoices bill bills receipt receipts proof rechnung rechnungen beleg "
    "quittung kassenbon 发票 收据 账单",
    "coupon": "coupon coupons voucher vouchers promo promotional code codes discount gutschein "
    "gutscheine gutscheincode rabattcode aktionscode 优惠券 优惠码 折扣码 代金券",
    "cheap": "discount discounts discounted sale sales cheaper cheap reduced clearance bargain "
    "rabatt rabatte reduziert günstiger günstig billiger preisnachlass ausverkauf 折扣 打折 便宜 "
    "优惠 特价",
    "price": "price prices pricing cost costs fee fees charge charges much preis preise kostet "
    "kosten gebühr gebühren 价格 多少钱 费用 价钱",
    "present": "gift gifts present presents birthday christmas geschenk geschenke geburtstag "
    "weihnachten verschenken 礼物 礼品 送礼 生日",
    "wrap": "wrap wrapping wrapped ribbon gift_wrap geschenkpapier geschenkverpackung einpacken "
    "verpacken 包装",
    "packaging": "packaging box carton wrapper verpackung originalverpackung karton 包装 盒子",
    "broken": "broken broke damaged damage defective defect faulty crushed cracked smashed "
    "kaputt beschädigt defekt schaden zerbrochen 坏 坏了 损坏 破损 破",
    "repair": "repair repaired fix fixed mend reparieren reparatur 修理 维修",
    "lost": "lost missing vanished disappeared never_arrived verloren verschwunden vermisst 丢失 "
    "丢 没收到",
    "wrong": "wrong incorrect different mistake falsch falsche falscher falschen verkehrt irrtum "
    "错 错误 发错",
    "contact": "contact reach call phone telephone hotline help_desk helpdesk support service "
    "kontakt erreichen anrufen telefon hotline kundenservice kundendienst 联系 客服 电话",
    "phone": "phone telephone ring call telefon telefonisch anrufen 电话",
    "chat": "chat live_chat online chatten 聊天 在线",
    "address": "address street house moved adresse anschrift straße umgezogen lieferadresse 地址",
    "abroad": "abroad international internationally country countries overseas foreign worldwide "
    "europe ausland international land länder weltweit 国外 海外 国际 国家",
    "fast": "fast faster express expedited quick quickly urgent rush schnell schneller express "
    "expressversand eilig 快 加急 急",
    "duration": "long time days weeks when duration dauer dauert lange tage wochen wann 多久 几天 "
    "什么时候 时间",
    "stock": "stock available availability sold_out unavailable restock restocked backorder "
    "backordered lager vorrätig verfügbar lieferbar ausverkauft 库存 有货 缺货 现货 没货",
    "reserve": "reserve reserved hold aside keep reservieren zurücklegen 预留 保留",
    "preorder": "pre_order preorder released release upcoming coming_soon vorbestellen "
    "vorbestellung 预订 预售",
    "size": "size sizes sizing fit fits large small xl xs xxl größe größen passt passform 尺码 "
    "尺寸 大小 码",
    "colour": "color colour colors colours green black red blue white farbe farben 颜色",
    "review": "review reviews rating rate rated feedback opinion bewertung bewertungen bewerten "
    "rezension meinung 评价 评论 评分",
    "loyalty": "loyalty rewards reward points bonus membership member regular_customer "
    "treueprogramm treuepunkte punkte bonus stammkunde 积分 会员 奖励",
    "newsletter": "newsletter mailing subscribe subscription subscribed subscribing newsletter "
    "abonnieren abo 订阅 邮件 通讯",
    "unsubscribe": "unsubscribe opt_out abmelden abbestellen 退订 取消订阅",
    "safe": "secure security safe safety privacy private encrypted data sicher sicherheit "
    "datenschutz verschlüsselt daten 安全 隐私 数据",
    "guest": "guest without_account ohne_konto gast gastbestellung 游客",
    "bulk": "bulk wholesale quantity company business pieces großbestellung großhandel menge "
    "firma stück 批发 大量 批量",
    "personal": "custom customized customised personalized personalised engrave engraved engraving "
    "made_to bespoke gravur personalisiert individuell maßanfertigung 定制 刻字 个性化",
    "install": "install installation installing set_up setup mount assemble assembly "
    "installieren installation montage aufbau 安装 组装",
    "guarantee": "warranty guarantee garantie gewährleistung 保修 质保 保证",
    "demonstration": "demonstration demo see try test vorführung ausprobieren testen 演示 试用",
    "giftcard": "gift_card gift_cards giftcard voucher_card store_credit credit_balance "
    "geschenkkarte guthaben 礼品卡 余额",
    "message": "message note card greeting words nachricht karte grußkarte gruß 留言 贺卡",
    "bundle": "bundle bundles set sets kit pack set paket 套装 套餐",
    "competitor": "competitor competitors match elsewhere another_shop konkurrenz mitbewerber "
    "anderswo 比价",
}


SIZE = len(_CONCEPTS)
"""How many concepts there are; their numbers are below it."""


def list_concepts(words: Sequence[str]) -> set[int]:
    """Return the numbers of the concepts that words, or two words together, stand for."""
    known = _open()
    pairs = (f"{first}_{second}" for first, second in itertools.pairwise(words))
    return {number for one in (*words, *pairs) for number in known.get(one, ())}


@cache
def _open() -> dict[str, tuple[int, ...]]:
    known: dict[str, tuple[int, ...]] = {}
    for number, words in enumerate(_CONCEPTS.values()):
        for word in dict.fromkeys(words.split()):
            known[word] = (*known.get(word, ()), number)
    return known
