"""Copy by a language model: on this machine, or by a server that speaks OpenAI's protocol."""
