"""Characters that look like others: letters of foreign scripts, old Chinese forms, dressed up."""

from __future__ import annotations

_PAIRS = (
    # Cyrillic and Greek letters that a reader takes for Latin ones.
    "аa еe оo рp сc уy хx іi јj ѕs ԁd ԛq ԝw һh ӏl гr пn тt кk мm вb нh зz бb дd фf лl иu ьb "
    "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS ԌG ԜW ҮY "
    "αa βb εe ηn ιi κk νv οo ρp τt υu χx ωw γy σo θo δd λl μu "
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX "
    # Letters of phonetic alphabets and small capitals.
    "ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz "
    "ɑa ɡg ɩi ɾr ʋv ɛe ɔo ɐa ǝe ɟf ɥh ɯm ɹr ʇt ʌv ʍw ʎy ıi ȷj ſs ƒf ɓb ɗd ɦh ƙk ƭt øo ØO łl ŁL đd "
    "ĐD "
    # Old and new Chinese characters of the words that the rules look for.
    "減减 價价 優优 買买 贈赠 費费 郵邮 時时 當当 僅仅 後后 機机 會会 數数 庫库 緊紧 張张 銷销 "
    "證证 "
    "質质 換换 貨货 達达 險险 療疗 癒愈 環环 綠绿 認认 級级 頂顶 號号 獨独 無无 標标 準准 搶抢 "
    "購购 "
    "殺杀 過过 錯错 趕赶 運运 寶宝 萬万 億亿 兩两 陸陆 貳贰 參叁 點点 錢钱 塊块 圓圆 幣币 極极 "
    "強强 "
    "產产 國国 醫医 藥药 滅灭 節节 壓压 紅红 領领 禮礼 獎奖 選选 專专 業业 傳传 絲丝 絨绒 純纯 "
    "鋼钢 "
    "鋁铝 鈦钛 銀银 鑽钻 層层 雙双 個个 對对 餘余 賣卖 盡尽 結结 開开 週周 電电 網网 鏈链 聯联 "
    "繫系 "
    "話话 單单 額额 滿满 還还 將将 來来 發发 線线 試试 權权 責责 術术 灣湾 歐欧 鏡镜 燈灯 濕湿 "
    "風风 "
    "熱热 塗涂 軟软 輕轻 纖纤 維维 膠胶 牆墙 銅铜 鐵铁 氣气 體体 種种 類类 歲岁 歷历 實实 檢检 驗验"
)
LOOKALIKES: dict[str, str] = {pair[0]: pair[1:] for pair in _PAIRS.split()}
LOOKALIKES |= {
    chr(first + number): chr(ord("A") + number)
    for first in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)  # squared, circled, regional letters
    for number in range(26)
}
LOOKALIKES |= dict.fromkeys("‐‑‒–—−﹣－﹘⁃", "-") | dict.fromkeys("’‘ʼ`´′＇‛ʹ", "'")
LOOKALIKES |= {"\U0001f193": "FREE", "｡": ".", "∶": ":", "․": ".", "∙": "·", "⋅": "·", "・": "·"}

BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\ufffc\u180e")
"""They take room and show nothing, though they are no spaces to Unicode."""
