"""What the responder says in Chinese."""

from __future__ import annotations

CHINESE = {
    "hello": "{full_name|您}好,",
    "source": "来源:{title}",
    "sources": "来源:{titles}",
    "other_language": "我们有相关的解答,但暂时没有您所用语言的版本:",
    "unsubscribed": "您已退订,我们不会再向您发送营销信息。",
    "unsubscribe_how": "如需停止接收,请点击我们任意一封邮件底部的退订链接,一次点击即可,无需登录。",
    "order": "您于{order.placed|此前}下的订单 {order.number} 目前状态为:{order.state}。",
    "order_shipped": "发货日期:{order.shipped}。",
    "order_returned": "我们已于{order.returned}收到您退回的商品。",
    "order_tracking": "您可以在这里查看物流:{order.tracking}",
    "order_items": "订单内容:{order.items}。",
    "order_none": "您的账户中还没有订单。",
    "order_unknown": (
        "您的账户中没有这个编号的订单。请核对订单确认邮件中的编号,或使用下单时的邮箱给我们写信。"
    ),
    "order_stranger": (
        "订单状态只会告知下单者本人。请登录商店后再询问,或使用下单时的邮箱给我们写信。"
    ),
    "product": "{product.name}的价格是{product.price}。",
    "product_unpriced": "{product.name}在我们的商店有售。",
    "product_reduced": "原价为{product.list_price}。",
    "in_stock": "目前有货。",
    "sold_out": "目前缺货。",
    "attribute": "{name}:{value}",
    "product_link": "商品页面:{url}",
    "suggestion": "这些商品可能适合您:",
    "suggestion_popular": "很多顾客喜欢这些商品:",
    "thanks": "不客气!如有其他问题,欢迎随时提问。",
    "greeting": "您好!请问有什么可以帮您?",
}
