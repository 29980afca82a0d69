"""The words of pages with forms: what customers choose and erase, and how satisfied they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from ..preference_settings import Frequency

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "choose": "Or choose what you get, and how often",
        "preferences_title": "What you hear from us",
        "preferences_text": "Choose what {shop} may send you. It takes effect at once.",
        "topics": "Topics",
        "topics_text": "What is not ticked is not sent to you.",
        "often": "How often at most",
        "often_any": "As often as there is something to say",
        "often_few": "No more than {count} e-mails {time}",
        "often_one": "No more than one e-mail {time}",
        "language": "Language of your e-mails",
        "save": "Save my choices",
        "break": "Take a break",
        "break_text": "You get nothing for 30 days, then everything goes on as before.",
        "pause": "Pause for 30 days",
        "paused_text": "You get nothing until {day}.",
        "resume": "End the pause",
        "leave": "Unsubscribe from everything",
        "leave_text": "No more e-mail from {shop}, whatever it is about.",
        "leave_button": "Unsubscribe from all",
        "left_text": "You are unsubscribed from all e-mail of {shop}.",
        "erase": "Erase my data",
        "erase_text": "What {shop} knows of you here can be erased for good.",
        "erase_link": "See what is erased",
        "erase_title": "Erase my data?",
        "erase_gone": "Erased for good: your name, your addresses and everything that is known of "
        "you here; what was written to you; the texts of your reviews and questions. Your orders "
        "and visits stay as counts that are no longer yours.",
        "erase_kept": "If you said that you want no e-mail, that stays as a code from which your "
        "address cannot be read. What the shop keeps elsewhere, such as invoices, is not touched.",
        "erase_button": "Erase everything now",
        "erase_back": "No, go back",
        "erased_title": "Your data is erased",
        "erased_text": "{shop} knows nothing of you here any more, and cannot write to you.",
        "stale_form_title": "This page was open for too long",
        "stale_form_text": "Nothing was changed. Please open it again, and choose once more.",
        "stale_form_link": "Open it again",
        "done_save": "Your choices are saved.",
        "done_pause": "The pause has begun.",
        "done_resume": "The pause has ended.",
        "done_leave": "You are unsubscribed.",
        "satisfaction_title": "How satisfied are you?",
        "satisfaction_text": "Your answer helps {shop} to do better. Please confirm it.",
        "satisfaction_button": "Send my answer",
        "answered_title": "Thank you",
        "answered_text": "Your answer has arrived at {shop}.",
    },
    "de": {
        "choose": "Oder wählen Sie, was Sie bekommen und wie oft",
        "preferences_title": "Was Sie von uns hören",
        "preferences_text": "Wählen Sie, was {shop} Ihnen schicken darf. Es gilt sofort.",
        "topics": "Themen",
        "topics_text": "Was nicht angekreuzt ist, bekommen Sie nicht.",
        "often": "Wie oft höchstens",
        "often_any": "So oft es etwas zu sagen gibt",
        "often_few": "Höchstens {count} E-Mails {time}",
        "often_one": "Höchstens eine E-Mail {time}",
        "language": "Sprache Ihrer E-Mails",
        "save": "Auswahl speichern",
        "break": "Eine Pause machen",
        "break_text": "Sie bekommen 30 Tage lang nichts, danach geht es weiter wie bisher.",
        "pause": "30 Tage Pause",
        "paused_text": "Sie bekommen nichts bis zum {day}.",
        "resume": "Pause beenden",
        "leave": "Von allem abmelden",
        "leave_text": "Keine E-Mails mehr von {shop}, gleich zu welchem Thema.",
        "leave_button": "Von allem abmelden",
        "left_text": "Sie sind von allen E-Mails von {shop} abgemeldet.",
        "erase": "Meine Daten löschen",
        "erase_text": "Was {shop} hier von Ihnen weiß, kann endgültig gelöscht werden.",
        "erase_link": "Ansehen, was gelöscht wird",
        "erase_title": "Meine Daten löschen?",
        "erase_gone": "Endgültig gelöscht werden: Ihr Name, Ihre Adressen und alles, was hier von "
        "Ihnen bekannt ist; was Ihnen geschrieben wurde; die Texte Ihrer Bewertungen und Fragen. "
        "Ihre Bestellungen und Besuche bleiben als Zahlen, die nicht mehr zu Ihnen gehören.",
        "erase_kept": "Haben Sie gesagt, dass Sie keine E-Mails möchten, bleibt das als Code, aus "
        "dem Ihre Adresse nicht zu lesen ist. Was der Shop anderswo aufbewahrt, etwa Rechnungen, "
        "bleibt unberührt.",
        "erase_button": "Jetzt alles löschen",
        "erase_back": "Nein, zurück",
        "erased_title": "Ihre Daten sind gelöscht",
        "erased_text": "{shop} weiß hier nichts mehr von Ihnen und kann Ihnen nicht schreiben.",
        "stale_form_title": "Diese Seite war zu lange offen",
        "stale_form_text": "Es wurde nichts geändert. Bitte öffnen Sie sie noch einmal und wählen "
        "Sie erneut.",
        "stale_form_link": "Noch einmal öffnen",
        "done_save": "Ihre Auswahl ist gespeichert.",
        "done_pause": "Die Pause hat begonnen.",
        "done_resume": "Die Pause ist beendet.",
        "done_leave": "Sie sind abgemeldet.",
        "satisfaction_title": "Wie zufrieden sind Sie?",
        "satisfaction_text": "Ihre Antwort hilft {shop}, besser zu werden. Bitte bestätigen Sie "
        "sie.",
        "satisfaction_button": "Antwort senden",
        "answered_title": "Vielen Dank",
        "answered_text": "Ihre Antwort ist bei {shop} angekommen.",
    },
    "zh": {
        "choose": "或者选择您想收到的内容和频率",
        "preferences_title": "您的邮件偏好",
        "preferences_text": "选择{shop}可以发给您的内容，立即生效。",
        "topics": "主题",
        "topics_text": "未勾选的内容不会发送给您。",
        "often": "最多多久一封",
        "often_any": "有消息就发",
        "often_few": "{time}最多 {count} 封",
        "often_one": "{time}最多一封",
        "language": "邮件语言",
        "save": "保存选择",
        "break": "暂停一段时间",
        "break_text": "30 天内您不会收到邮件，之后一切照旧。",
        "pause": "暂停 30 天",
        "paused_text": "在{day}之前您不会收到邮件。",
        "resume": "结束暂停",
        "leave": "退订全部",
        "leave_text": "不再接收{shop}的任何邮件。",
        "leave_button": "退订全部邮件",
        "left_text": "您已退订{shop}的全部邮件。",
        "erase": "删除我的数据",
        "erase_text": "{shop}在这里保存的您的信息可以永久删除。",
        "erase_link": "查看将删除的内容",
        "erase_title": "删除我的数据？",
        "erase_gone": "将永久删除：您的姓名、地址和这里保存的关于您的一切；发给您的邮件；您的评价和"
        "提问的文字。您的订单和访问只作为数字保留，不再与您有关。",
        "erase_kept": "如果您表示过不想收到邮件，这一记录会以代码形式保留，无法从中读出您的"
        "地址。商店在别处保存的内容（例如发票）不受影响。",
        "erase_button": "立即全部删除",
        "erase_back": "不，返回",
        "erased_title": "您的数据已删除",
        "erased_text": "{shop}在这里已没有您的任何信息，也无法再给您发邮件。",
        "stale_form_title": "此页面打开的时间过长",
        "stale_form_text": "没有任何改变。请重新打开页面再选择一次。",
        "stale_form_link": "重新打开",
        "done_save": "您的选择已保存。",
        "done_pause": "暂停已开始。",
        "done_resume": "暂停已结束。",
        "done_leave": "您已退订。",
        "satisfaction_title": "您满意吗？",
        "satisfaction_text": "您的回答能帮助{shop}做得更好。请确认。",
        "satisfaction_button": "提交回答",
        "answered_title": "谢谢",
        "answered_text": "{shop}已收到您的回答。",
    },
}

_TIMES: dict[str, dict[int, str]] = {
    "en": {1: "a day", 7: "a week", 14: "in two weeks", 30: "a month"},
    "de": {1: "pro Tag", 7: "pro Woche", 14: "in zwei Wochen", 30: "im Monat"},
    "zh": {1: "每天", 7: "每周", 14: "每两周", 30: "每月"},
}
_OTHER_TIMES = {"en": "in {time}", "de": "je {time}", "zh": "{time}内"}


def word_frequency(frequency: Frequency, words: Mapping[str, str], language: str) -> str:
    """Return a frequency as people say it.

    Args:
        frequency: Which.
        words: Of the language.
        language: A language of the pages.
    """
    days, rest = divmod(frequency.per, timedelta(days=1))
    time = "" if rest else _TIMES[language].get(days, "")
    if not time:
        from babel.units import format_unit

        hours = round(frequency.per / timedelta(hours=1), 2)
        count, unit = (hours, "duration-hour") if rest else (days, "duration-day")
        time = _OTHER_TIMES[language].format(time=format_unit(count, unit, locale=language))
    which = "often_one" if frequency.messages == 1 else "often_few"
    said = words[which].format(count=frequency.messages, time=time)
    return said[:1].upper() + said[1:]
