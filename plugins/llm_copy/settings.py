"""The settings of copy by a language model: the table `[plugins.llm_copy]`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ballyhoo import Options, Secret

WEB_ADDRESS = r"^(https?://[^\s<>\"@]+)?$"
"""Without a user and password in it: the key has a setting of its own."""


class LlmSettings(Options):
    """The table `[plugins.llm_copy]`.

    Attributes:
        device: Where models run: `auto`, `cpu`, `cuda` or one of several (`cuda:1`).
        dtype: What they compute in; `auto` is bfloat16 on a GPU that has it, else float32.
        batch_size: How many copies are written at the same time; 0 lets the memory decide.
        threads: How many threads a model has on a CPU; 0 leaves that to torch.
        models: Folder of models; a recipe's `model` is looked for here first.
        download: Whether a model that is not here may be fetched from the Hugging Face Hub.
        server_url: An OpenAI-compatible server (`http://localhost:8000/v1`).
        server_key: The environment variable with the key that it wants to see.
        server_concurrency: How many requests are under way at the same time.
        server_timeout: How long an answer may take, in seconds.
        server_attempts: How often a request is made when the server is busy or does not answer.
        price_in: What a million tokens of prompts cost, in the currency that you think in.
        price_out: What a million generated tokens cost.
    """

    device: str = Field(default="auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    batch_size: int = Field(default=0, ge=0, le=1024)
    threads: int = Field(default=0, ge=0, le=1024)
    models: str = ""
    download: bool = True
    server_url: str = Field(default="", pattern=WEB_ADDRESS, max_length=2_000)
    server_key: Secret | None = None
    server_concurrency: int = Field(default=8, ge=1, le=256)
    server_timeout: float = Field(default=120, gt=0, le=3_600)
    server_attempts: int = Field(default=4, ge=1, le=20)
    price_in: float = Field(default=0, ge=0)
    price_out: float = Field(default=0, ge=0)
