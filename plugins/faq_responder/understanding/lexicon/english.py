"""English words of anger, law, haste, the wish for a person, and of wanting no more messages."""

from __future__ import annotations

from . import Lexicon, compile_words

_PERSON = r"""
    (?:(?:a|an|some|any|the|your|one\ of\ your)\ )?
    (?:(?:real|live|actual|human|customer|free|service|support|sales)\ ){0,3}
    (?:person|human(?:\ being)?|agents?|assistant|representatives?|rep|operator|someone|somebody
      |manager|supervisor|employee|advis[eo]r|staff|customer\ (?:service|support|care))
"""
_MAIL = r"(?:e-?mails?|mails?|newsletters?|messages?|spam|advert\w*|ads|promotions?|marketing)"

LEXICON = Lexicon(
    displeasure=compile_words(r"""
        angry | annoyed | annoying | upset | disappoint(?:ed|ing|ment) | frustrat(?:ed|ing|ion)
        | unacceptable | ridiculous | terrible | horrible | awful | appalling | poor\ service
        | bad\ service | worst | useless | rubbish | a\ joke | fed\ up | sick\ of | sick\ and\ tired
        | unhappy | dissatisfied | not\ (?:happy|satisfied|amused) | shame\ on | outrageous
        | hate\ this | (?:damn|bloody|goddamn)\ \w+
        | had\ enough | waste\ of\ (?:time|money) | never
          \ (?:buy|order|shop)(?:ing)?\ (?:\w+\ ){0,3}again
    """),
    fury=compile_words(r"""
        furious | outraged | livid | disgust(?:ed|ing) | enraged | pissed(?:\ off)?
        | fuck\w* | wtf | bullshit | shit(?:ty)? | assholes? | bastards? | idiots? | morons?
        | stupid\ (?:company|people|shop|bot|service) | crooks? | scammers? | fraudsters? | liars?
        | thieves | (?:this|it|you|your\ \w+|that)(?:'s|'re|\ is|\ are)\ (?:just\ |all\ |such\ )?
          (?:an?\ )?(?:scam|fraud|rip-?off|criminals?)
        | hate\ (?:you|your) | you\ (?:stole|lied)
    """),
    stress=compile_words(
        r"very|so|extremely|really|absolutely|totally|incredibly|beyond|completely|utterly|deeply"
    ),
    legal=compile_words(r"""
        lawyers? | attorneys? | solicitors? | barristers? | law\ ?suits? | legal\ (?:action|steps?
        |advice|proceedings|department|team|measures|counsel) | legally\ | litigation
        | (?:take|see|taking|seeing)\ (?:you|this|them)\ (?:\w+\ )?(?:to|in)\ court | in\ court
        | (?:going|go|went)\ to\ court | small\ claims
        | (?:will|going\ to|gonna|shall|could|can|to|i'll)\ sue
        | sue\ (?:you|your|them|the\ (?:company|shop)) | suing
        | charge-?backs? | consumer\ (?:protection|rights|affairs|court|forum) | trading\ standards
        | ombuds(?:man|person) | better\ business\ bureau | report(?:ed|ing)?\ you\ to | gdpr
        | data\ protection\ (?:authority|officer|commissioner)
        | (?:call|go\ to|inform|contact|involve|report\ (?:this|you|it)\ to)\ the\ police
    """),
    urgency=compile_words(r"""
        urgent(?:ly)? | urgency | asap | as\ soon\ as\ (?:possible|you\ can) | immediate(?:ly)?
        | right\ (?:now|away) | emergency | at\ once | time-?sensitive | can(?:no|')t\ wait
        | (?:by|before|until)\ (?:today|tonight|tomorrow|noon)
        | need\ (?:it|this|them)\ (?:today|tonight|tomorrow|now) | last\ minute | hurry
    """),
    person=compile_words(rf"""
        (?:talk|speak|chat|talking|speaking|chatting)\ (?:directly\ )?(?:to|with)\ {_PERSON}
        | (?:connect|transfer|put|pass|forward|redirect|hand)\ (?:me|us)(?:\ over)?(?:\ through)?
          \ (?:to|with)\ {_PERSON}
        | (?:talk|speak|chat|connected|transferred)\ (?:to|with)\ a\ human\w*
        | (?:want|need|like|get|give\ me|prefer|request|have|for)\ (?:to\ have\ )?
          (?:a|an|some)\ (?:real|live|actual|human)\ (?:person|human|agent|being|operator
          |representative|support|assistance|assistant|help)
        | (?:want|need|like|get|give\ me|request)\ (?:a|an)\ (?:human|agent|representative|operator)
        | (?:human|person|agent|representative|operator),?\ please
        | (?:let|have|get)\ (?:a|some)\ (?:real\ )?(?:person|human|one|body)
          \ (?:call|contact|answer)
        | (?:someone|somebody|a\ person|a\ human|an\ agent)\ (?:please\ |to\ )?(?:call|phone|ring)
          (?:s)?\ me
        | call\ me\ back | no\ (?:more\ )?(?:bots?|robots?|machines?)
        | not\ (?:with\ |to\ )?a\ (?:bot|robot|machine|computer)
    """),
    stop=compile_words(rf"""
        unsubscribe\ (?:me|us) | take\ (?:me|us)\ off
        | remove\ (?:me|us|my\ (?:e-?mail|address|name)(?:\ address)?)\ from\ (?:\w+\ ){{0,3}}
          (?:list|lists|{_MAIL})
        | (?:stop|quit|cease|no\ longer)\ (?:\w+\ )?(?:send|sending|e-?mailing|mailing|messaging
          |writing|spamming|texting|bothering)\ (?:to\ )?(?:me|us)(?!\ (?:the\ wrong|two|a\ wrong))
        | (?:don't|do\ not|never)\ (?:ever\ )?(?:send\ (?:me|us)\ (?:\w+\ ){{0,3}}{_MAIL}
          |(?:e-?mail|write\ to|spam|text)\ (?:me|us)\ (?:again|any\ ?more|any\ longer))
        | no\ more\ (?:of\ (?:your|these|those)\ )?(?:\w+\ )?{_MAIL}
        | (?:i|we)\ (?:want|wish|need|would\ like|'d\ like|like)\ to\ unsubscribe
        | (?:i|we)'d\ like\ to\ unsubscribe
        | (?:i|we)\ (?:no\ longer|do\ not|don't)\ (?:want|wish|like|care)\ (?:to\ (?:get|receive|see
          |have)\ )?(?:\w+\ ){{0,3}}{_MAIL}(?:\ from\ you)?(?:\ any\ ?more)?
        | (?:want|wish|would\ like|'d\ like|like)\ to\ (?:stop\ (?:getting|receiving)
          |cancel\ my\ subscription\ to)\ (?:\w+\ ){{0,3}}{_MAIL}
        | cancel\ (?:my\ )?(?:\w+\ )?(?:subscription\ (?:to|for|of)\ (?:\w+\ ){{0,3}}{_MAIL}
          |{_MAIL}\ subscription)
        | opt\ me\ out | opt\ out | please\ unsubscribe
    """),
    stop_others=compile_words(r"""
        (?:how|where|why|when|who|what|whether|if|unless|after|because|once)\b[^.!?;]{0,60}
        | (?:unsubscribe|remove|stop|take)\ (?:my\ (?:mother|father|mum|mom|dad|wife|husband|son
          |daughter|friend|partner|boss|colleague|sister|brother|customer)|him|her|them|it)\b.*
        | (?:didn't|did\ not|don't|do\ not|never|not|without)\ (?:ever\ )?
          (?:(?:want(?:ed)?|wish|ask(?:ed)?|mean(?:t)?|like|going|trying)\ )?
          (?:you\ )?(?:to\ )?(?:unsubscribe|remove|stop|take|opt|cancel|quit)\b[^.!?;]*
        | (?:my\ (?:mother|father|wife|husband|son|daughter|friend|partner|boss)|he|she|they|people)
          \ (?:\w+\ ){0,3}(?:unsubscribe|stop|opt)\b[^.!?;]*
        | (?:is|was|does|are|can)\ (?:there|it|i|we)\b[^.!?;]{0,40}
    """),
    negation=compile_words(
        r"not|no|never|isn't|aren't|wasn't|am\ not|i'm\ not|don't|doesn't|didn't|without|neither"
        r"|won't|nothing|can't|cannot|wouldn't|do\ i\ (?:have|need)\ to"
    ),
)
