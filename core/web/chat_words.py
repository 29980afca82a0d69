"""The words of the chat page, in each language that it is shown in."""

from __future__ import annotations

CHAT_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Ask us",
        "welcome": "Hello! Ask about delivery, returns, your order or our products.",
        "label": "Your question",
        "send": "Send",
        "log": "Conversation",
        "you": "You",
        "shop": "Answer",
        "writing": "Looking it up …",
        "handoff": "A person has to answer that. Please write to us by e-mail, so that we can "
        "get back to you.",
        "helped": "Did this help?",
        "yes": "Yes",
        "no": "No",
        "noted": "Thank you.",
        "person": "Talk to a person",
        "busy": "Many are asking just now. Please try again in a few seconds.",
        "failed": "That did not work. Please try again.",
        "offline": "No connection. Please try again.",
        "ended": "Your sign-in has ended. Load the page again to ask about your order.",
        "close": "Close",
    },
    "de": {
        "title": "Fragen Sie uns",
        "welcome": "Guten Tag! Fragen Sie nach Lieferung, Rückgabe, Ihrer Bestellung oder unseren "
        "Produkten.",
        "label": "Ihre Frage",
        "send": "Senden",
        "log": "Gespräch",
        "you": "Sie",
        "shop": "Antwort",
        "writing": "Wir sehen nach …",
        "handoff": "Das muss ein Mensch beantworten. Bitte schreiben Sie uns eine E-Mail, damit "
        "wir Ihnen antworten können.",
        "helped": "Hat das geholfen?",
        "yes": "Ja",
        "no": "Nein",
        "noted": "Danke.",
        "person": "Mit einem Menschen sprechen",
        "busy": "Gerade fragen viele. Bitte versuchen Sie es in einigen Sekunden noch einmal.",
        "failed": "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
        "offline": "Keine Verbindung. Bitte versuchen Sie es noch einmal.",
        "ended": "Ihre Anmeldung ist abgelaufen. Laden Sie die Seite neu, um nach Ihrer "
        "Bestellung zu fragen.",
        "close": "Schließen",
    },
    "zh": {
        "title": "在线咨询",
        "welcome": "您好！可以询问配送、退货、您的订单或我们的商品。",
        "label": "您的问题",
        "send": "发送",
        "log": "对话",
        "you": "您",
        "shop": "回答",
        "writing": "正在查询……",
        "handoff": "这个问题需要人工回答。请给我们发邮件，以便我们回复您。",
        "helped": "这个回答有帮助吗？",
        "yes": "有",
        "no": "没有",
        "noted": "谢谢。",
        "person": "转人工",
        "busy": "当前咨询较多，请几秒后再试。",
        "failed": "出错了，请再试一次。",
        "offline": "没有网络连接，请再试一次。",
        "ended": "您的登录已过期。请刷新页面后再询问订单。",
        "close": "关闭",
    },
}
"""By language; of one that is not here English is shown."""
