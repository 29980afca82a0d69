"""The rule of echo: no words of the prompt, of the brief or of instructions in a product's text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .facts import split_tokens
from .lexicon.prompts import MODEL_TALK
from .words import Finder, compile_pattern, compile_words

_LABELS = (
    r"(?:^|\n)\s{0,3}\W{0,3}(?:subject(?: line)?|pre-?header|preview(?: text)?|body|headline|"
    r"title|copy|text|push|sms|message|"
    r"output|answer|response|result|customer|product|brief|note|tone|voice|language|prompt|"
    r"instructions?|"
    r"betreff(?:zeile)?|vorschau(?:text)?|nachricht|antwort|ergebnis|hinweis|anmerkung|sprache|ton|"
    r"主题|标题|正文|预览|摘要|邮件主题|回答|输出|结果|注意|备注|说明|语气)\W{0,3}[:：]"
)
_CERTAIN_LABELS = (
    r"(?<![a-z])(?:subject(?: line)?|pre-?header|betreff(?:zeile)?|assistant|user|system|"
    r"human)\s?[:：]|"
    r"(?:主题|正文|标题|邮件主题|用户|助手)[:：]"
)
_ROLES = (
    r"<\|[^|<>\n]{0,40}\|>|</?s>|\[/?inst\]|<</?sys>>|<(?:bos|eos|pad|unk|start_of_turn|"
    r"end_of_turn|think|/think|eot_id)>|"
    r"\[(?:bos|eos|sep|cls|mask|pad|unk)\]|(?:^|\n)\s{0,3}(?:user|assistant|system|human|ai|model|"
    r"bot)\s?:|###|"
    r"(?:^|\n)\s{0,3}(?:用户|助手|系统)[:：]"
)
_INSTRUCTION = (
    r"(?<![a-z])(?:ignore|disregard|forget|answer|reply|respond|output|print|say|write|repeat|"
    r"instruction\w*|prompt|"
    r"ignoriere|vergiss|antworte|schreibe?|sag|wiederhole|anweisung\w*)(?![a-z])|忽略|忘记|回答|"
    r"输出|回复|重复|指令"
)
_SENTENCE = re.compile(r"[.!?。！？\n]+")
_SHOUTED = re.compile(
    r"(?<![A-Za-z])[A-Z]{4,}(?![A-Za-z])|[\"“„'‘«「『]([^\"”“'’»」』\n]{3,60})[\"”“'’»」』]"
)
RUN = 4
"""So many words in a row of the voice, of a tone or of an instruction are an echo."""

SHORT_RUN = 3


def find_echo(case: Case) -> Iterator[Objection]:
    """Object to labels, role marks, talk of a model, the voice's words and obeyed instructions."""
    labels = "|".join(re.escape(name.lower()) for name in case.brief.fields)
    patterns: list[Finder] = [compile_pattern(one) for one in (_LABELS, _CERTAIN_LABELS, _ROLES)]
    patterns.append(compile_words(MODEL_TALK))
    if labels:
        patterns.append(compile_pattern(rf"(?:^|\n)\W{{0,3}}(?:{labels})\W{{0,3}}[:：]"))
    for pattern in patterns:
        for passage, reading, found in case.search(pattern):
            said = "words of a prompt or of a model about itself"
            yield refuse("echo", passage, reading, found.span(), said)
    yield from _find_brief(case)
    yield from _find_obeyed(case)


def _find_brief(case: Case) -> Iterator[Objection]:
    asked = [case.brief.voice, *(limits.tone for limits in case.brief.fields.values())]
    for text in asked:
        words = split_tokens(text.lower()) if text else []
        size = min(SHORT_RUN, len(words))
        if size < 2 or not any(one.isalpha() for one in words):
            continue
        for start in range(len(words) - size + 1):
            run = words[start : start + size]
            if sum(one.isalpha() for one in run) < 2:
                continue
            wanted = compile_pattern(_write_run(run))
            for passage, reading, found in case.search(wanted):
                yield refuse("echo", passage, reading, found.span(), "the brief's own words")
                return


def _write_run(words: list[str]) -> str:
    return r"\s{0,2}".join(re.escape(one) for one in words)


def _find_obeyed(case: Case) -> Iterator[Objection]:
    """Object to what an instruction in a product's text asks for."""
    instruction = compile_pattern(_INSTRUCTION)
    for briefed in case.brief.products:
        product = briefed.product
        for text in [*product.titles.values(), *product.descriptions.values(), *product.tags]:
            for sentence in _SENTENCE.split(text[:5_000]):
                if instruction.search(sentence.lower()) is None:
                    continue
                for wanted in _list_wanted(sentence):
                    for passage, reading, found in case.search(compile_pattern(wanted)):
                        said = "words of an instruction in a product's text"
                        yield refuse("echo", passage, reading, found.span(), said)


def _list_wanted(sentence: str) -> Iterator[str]:
    for found in _SHOUTED.finditer(sentence):
        yield re.escape((found[1] or found[0]).lower())
    words = split_tokens(sentence.lower())
    for start in range(len(words) - RUN + 1):
        run = words[start : start + RUN]
        if all(one.isalpha() for one in run):
            yield _write_run(run)
