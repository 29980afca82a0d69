"""Small random models and their tokenizers, made here: nothing is downloaded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    BloomConfig,
    BloomForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MambaConfig,
    MambaForCausalLM,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
)
from transformers.utils import logging

from ballyhoo.plugins.llm_copy.prompts.plain import write_label

PIECE = r" ?[A-Za-z]+| ?\{[a-z_.0-9]+\}|\n| |[^\sA-Za-z{}]|[{}]"
WORDS = (
    "new warm wool soft trail shoe sock tent rope light dry calm day walk hill barn rain stove "
    "chalk green moss slow pack long way home river stone field early late you your for the and "
    "with in on"
)
SLOTS = ("first_name", "product.name", "price", "offer.code", "offer.ends", "product.brand")
CHAT = (
    "{% for one in messages %}<|start|>{{ one.role }}\n{{ one.content }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)
TEXTS = (
    "Language: en\nVoice: warm\nCampaign: spring\nKind: shoes\nSlots: {first_name} {price}\n\n",
    "Subject: New shoes for you, {first_name}!\nBody: Warm wool. See {product.name} at {price}.",
    "Language: de\nSubject: Neue Schuhe für deinen Weg.\nBody: Warme Wolle, leichte Schritte.",
    "Language: zh\nSubject: 春天的新鞋。\nBody: 柔软的羊毛，轻松的步伐。",
)
SMALL: dict[str, Any] = {
    "hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2,
}  # fmt: skip

logging.set_verbosity_error()
logging.disable_progress_bar()


def make_word_tokenizer() -> PreTrainedTokenizerFast:
    """Return a tokenizer of words, each a token; slots are tokens too."""
    known = ["<unk>", "<s>", "</s>", "\n", " ", ":", ".", ",", "!"]
    known += [f" {word}" for word in WORDS.split()] + [f" {{{name}}}" for name in SLOTS]
    known += [write_label(name)[:-1] for name in ("subject", "preheader", "body")]
    vocabulary = {text: id for id, text in enumerate(known)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(PIECE), "isolated")
    tokenizer.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>"
    )


def make_byte_tokenizer(*, chat: bool = False) -> PreTrainedTokenizerFast:
    """Return a byte-level tokenizer, which can spell everything."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=420,
        special_tokens=["<s>", "</s>", "<|start|>", "<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="<|end|>" if chat else "</s>"
    )
    if chat:
        fast.chat_template = CHAT
    return fast


def make_model(kind: str, vocabulary: int = 300, **more: Any) -> Any:
    """Return a model of random weights, great enough that its choices are clear."""
    torch.manual_seed(5)
    options = {"vocab_size": vocabulary, "initializer_range": 0.2, **more}
    gpt2 = {"n_embd": 48, "n_layer": 2, "n_head": 4}
    made = {
        "llama": lambda: LlamaForCausalLM(LlamaConfig(**SMALL, **options)),
        "qwen2": lambda: Qwen2ForCausalLM(Qwen2Config(**SMALL, **options)),
        "gpt2": lambda: GPT2LMHeadModel(GPT2Config(**gpt2, **options)),
        "bloom": lambda: BloomForCausalLM(
            BloomConfig(hidden_size=48, n_layer=2, n_head=4, **options)
        ),
        "mamba": lambda: MambaForCausalLM(
            MambaConfig(hidden_size=48, num_hidden_layers=2, **options)
        ),
    }  # fmt: skip
    return made[kind]().eval()


def save_model(folder: Path, tokenizer: PreTrainedTokenizerFast, kind: str = "llama") -> Path:
    """Write a model with its tokenizer to a folder, and return the folder."""
    model = make_model(
        kind,
        len(tokenizer),
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=None,
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def make_prompts(count: int, *, shared: int = 40, vocabulary: int = 300) -> list[list[int]]:
    """Return prompts of random tokens with a common beginning, of 1 to 20 tokens more."""
    generator = torch.Generator().manual_seed(3)

    def draw(low: int, high: int, size: int) -> list[int]:
        return torch.randint(low, high, (size,), generator=generator).tolist()

    start = draw(3, vocabulary, shared)
    return [start + draw(3, vocabulary, draw(1, 20, 1)[0]) for _ in range(count)]


@dataclass(slots=True, kw_only=True)
class TokenRow:
    """A row that takes what is chosen until it has enough, or meets a token that ends it."""

    prompt: Sequence[int]
    most_tokens: int
    seed: int = 0
    end: int | None = None
    blocked: Any = None
    written: list[int] = field(default_factory=list)

    def take(self, token: int) -> list[int] | None:
        self.written.append(token)
        is_over = token == self.end or len(self.written) >= self.most_tokens
        return None if is_over else [token]

    def rewind(self) -> None:
        self.written.clear()


def generate_one_by_one(model: Any, prompts: Sequence[list[int]], new: int) -> list[list[int]]:
    """Return what `generate` of transformers writes greedily, for one prompt after the other."""
    written = []
    for prompt in prompts:
        ids = torch.tensor([prompt])
        answer = model.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=new, do_sample=False,
            eos_token_id=None, pad_token_id=0,
        )  # fmt: skip
        written.append(answer[0, len(prompt) :].tolist())
    return written


def find_words(text: str) -> list[str]:
    """Return the words of a text, slots left out."""
    return re.findall(r"[a-z]+", re.sub(r"\{[^{}]*\}", "", text))
