"""German words of anger, law, haste, the wish for a person, and of wanting no more messages."""

from __future__ import annotations

from . import Lexicon, compile_words

_MAIL = (
    r"(?:e-?mails?|mails?|newsletter\w*|nachrichten|werbung|werbemails?|werbe-e?-?mails?|rundbriefe?"
    r"|spam|post)"
)
_PERSON = r"""
    (?:(?:einem|einer|einen|eine|ihrem|ihrer|ihren|dem|der|irgend)\ ?)?
    (?:(?:echten|echter|richtigen|lebenden|menschlichen|realen)\ )?
    (?:menschen?|person|mitarbeiter(?:in|n)?|kundenberater(?:in)?|berater(?:in)?|jemand(?:em|en)?
      |kundenservice|kundendienst|support|vorgesetzten|chef|agenten|ansprechpartner(?:in)?)
"""

LEXICON = Lexicon(
    displeasure=compile_words(r"""
        wütend | sauer | verärgert | ärgerlich | enttäuscht | enttäuschend | enttäuschung
        | frustriert | frustrierend | unverschämt(?:heit)? | frechheit | zumutung | inakzeptabel
        | nicht\ akzeptabel | katastrophe | katastrophal | schrecklich | furchtbar | miserabel
        | mies(?:er|e|es)? | lächerlich | unmöglich | unzufrieden | schlimmste[rn]? | saftladen
        | nie\ (?:mehr|wieder)\ (?:bei\ (?:euch|ihnen)|bestell\w*|kauf\w*) | reicht\ (?:mir|es)
        | genervt | nervt | schlechte[rn]?\ service | skandal | verarsch\w* | schweinerei
        | die\ nase\ voll | witz\ sein | armutszeugnis
    """),
    fury=compile_words(r"""
        stinksauer | stinkwütend | fuchsteufelswild | betrüger(?:n|in)? | abzocke(?:r|rn)?
        | betrug\ (?:von|an|durch|bei)\ (?:ihnen|euch|mir) | (?:das|ihr|sie)\ (?:ist|seid|sind)
          \ (?:ja\ |doch\ |reiner\ |ein\ )*(?:betrug|kriminell|verbrecher) | idioten? | arschl\w+
        | scheiß\w* | scheiss\w* | verdammt\w* | beschissen\w* | drecks\w* | lügner | verbrecher
        | trottel | deppen? | vollidioten? | zum\ kotzen | hasse\ (?:euch|sie|das)
    """),
    stress=compile_words(
        r"sehr|so|extrem|wirklich|richtig|total|absolut|völlig|mega|dermaßen|echt"
    ),
    legal=compile_words(r"""
        (?:rechts)?anw[aä]lt(?:in|e|en|s|es|innen)? | verklag\w+ | klage\ (?:einreichen|erheben)
        | (?:klagen|klage)\ gegen | vor\ gericht | gerichtlich\w* | rechtliche\w*\ (?:schritt\w*
        |mittel|maßnahmen|konsequenzen) | rechtsweg | rechtsschutz\w* | verbraucherschutz\w*
        | verbraucherzentrale | anzeige\ (?:erstatten|stellen|erstattet) | strafanzeige
        | (?:zur\ )?polizei | mahnbescheid | abmahn\w+ | schlichtungsstelle | chargeback
        | dsgvo | datenschutzbehörde | datenschutzbeauftragte\w* | juristisch\w*
        | zeige\ (?:sie|euch)\ an | bundesnetzagentur
    """),
    urgency=compile_words(r"""
        dringend(?:e[rnms]?)? | dringlich | eilt | eilig(?:e[rnms]?)? | sofort | umgehend
        | unverzüglich | so\ schnell\ wie\ möglich | schnellstmöglich | baldmöglichst | notfall
        | (?:noch|bis|schon)\ (?:heute|morgen) | asap | kann\ nicht\ warten | auf\ der\ stelle
    """),
    person=compile_words(rf"""
        mit\ {_PERSON}\ (?:\w+\ ){{0,2}}(?:sprechen|reden|telefonieren|chatten|verbinden
        |verbunden|verbindet|kommunizieren)
        | (?:spreche|rede|sprechen|reden|verbinden\ sie\ mich|verbinde\ mich|verbindet\ mich)
          \ (?:bitte\ |gern\ |gerne\ |lieber\ )?mit\ {_PERSON}
        | (?:will|möchte|brauche|hätte\ gern)\ (?:einen\ |eine\ )(?:echten\ |richtigen\ )?
          (?:menschen|mitarbeiter(?:in)?|ansprechpartner(?:in)?)
        | (?:echter|richtiger)\ mensch | rufen\ sie\ mich\ (?:bitte\ )?(?:an|zurück)
        | ruft\ mich\ (?:bitte\ )?(?:an|zurück) | bitte\ um\ (?:einen\ )?rückruf
        | (?:kein|keinen|keinem)\ (?:bot|roboter|chatbot|automaten)
    """),
    stop=compile_words(rf"""
        (?:bitte\ )?(?:melden\ sie|meldet|melde)\ mich\ (?:\w+\ ){{0,6}}ab
        | (?:bitte\ )(?:\w+\ ){{0,3}}(?:abmelden|abbestellen|austragen)
        | (?:ich\ )?(?:möchte|will)\ (?:mich\ )?(?:\w+\ ){{0,4}}(?:abmelden|abbestellen|austragen)
        | (?:ich\ )?(?:möchte|will|wünsche)\ (?:bitte\ )?kein(?:e|en)?\ (?:\w+\ ){{0,2}}{_MAIL}
          (?:\ (?:mehr|bekommen|erhalten|von\ (?:ihnen|euch)|haben))*
        | (?:hör(?:en\ sie|t)?\ auf|stoppen\ sie|stoppt)\b[^.!?;]{{0,30}}(?:{_MAIL}|schreiben
          |schicken|senden)
        | (?:schicken|senden|schreiben)\ sie\ mir\ (?:bitte\ )?(?:keine|nichts|nicht)\b
          [^.!?;]{{0,30}}
        | (?:schickt|sendet|schreibt)\ mir\ (?:bitte\ )?(?:keine|nichts|nicht)\b[^.!?;]{{0,30}}
        | keine\ (?:\w+\ ){{0,2}}{_MAIL}\ mehr | kein(?:en)?\ newsletter\ mehr
        | (?:nehmen\ sie|nehmt|streichen\ sie|streicht|entfernen\ sie|löschen\ sie)\ mich
          \ (?:bitte\ )?(?:aus|von|vom)\b[^.!?;]{{0,30}}(?:liste|verteiler|newsletter)
        | (?:aus|von|vom)\ (?:ihrem|eurem|dem|der|ihrer|eurer)\ (?:verteiler|newsletter|liste
          |mailingliste)\ (?:nehmen|streichen|entfernen|löschen|abmelden|austragen)
        | newsletter\ (?:abmelden|abbestellen|kündigen|stornieren)
    """),
    stop_others=compile_words(r"""
        (?:wie|wo|warum|wieso|wann|wer|ob|falls|wenn|weshalb|seit|nachdem|weil|kann\ man)\b
          [^.!?;]{0,60}
        | (?:meine?n?\ (?:mutter|vater|frau|mann|sohn|tochter|freund(?:in)?|chef|kollegen?))\b
          [^.!?;]*(?:abmelden|abbestellen|austragen|abgemeldet|ab)
        | (?:nicht|nie|niemals)\ (?:vom\ newsletter\ )?(?:abmelden|abbestellen|austragen|abgemeldet)
        | (?:ihr\ habt|sie\ haben|habe|hatte|wurde)\ (?:\w+\ ){0,4}(?:abgemeldet|abbestellt)
        | (?:termin|account|konto|gerät|handy|artikel|bestellung|produkt)\w*\ (?:\w+\ ){0,2}
          (?:abmelden|abbestellen|austragen)
    """),
    negation=compile_words(r"nicht|kein|keine|keinen|keinem|keiner|keineswegs|nie|niemals|ohne"),
)
