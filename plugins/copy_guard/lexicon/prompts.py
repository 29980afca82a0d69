"""Words of prompts, and of models about themselves."""

from __future__ import annotations

MODEL_TALK = """
    as an ai, an ai language, language model, ai model, ai assistant, as a chatbot, i am an ai,
    im an ai, i'm an ai, i cannot, i can not, i'm sorry but, im sorry but, i am unable,
    i'm unable, heres the, here's the, here is the, here's your copy, here is your copy,
    heres your copy, sure here, certainly here, of course here, sure! here, let me know if,
    word count, characters max, max characters, the customer is, the recipient is,
    the reader is, target audience, call to action, this email, marketing copy, system prompt,
    the prompt, previous instructions, prior instructions, above instructions,
    instructions above, answer only, respond only, reply only, ignore the, ignore all,
    ignore previous, disregard, knowledge cutoff, chatgpt, openai, gpt, als ki,
    als künstliche intelligenz, als sprachmodell, sprachmodell, ki modell, ki assistent,
    ich kann nicht, ich bin eine ki, hier ist der, hier ist die, hier ist ein entwurf,
    gerne hier, natürlich hier, zielgruppe, die kundin ist, der kunde ist,
    handlungsaufforderung, werbetext, vorherige anweisung*, bisherige anweisung*, ignoriere,
    anweisungen, 作为ai, 作为一个ai, 作为人工智能, 人工智能助手, 语言模型, 我无法, 抱歉, 以下是,
    当然可以, 目标客户, 目标受众, 营销文案, 以上指令,
    之前的指令, 忽略, 系统提示, 提示词
"""
