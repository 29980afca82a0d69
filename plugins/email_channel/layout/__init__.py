"""How an e-mail looks: templates and the built-in layout, and the text part."""

from .laying import Laid, Layout, find_layout, lay_out, prepare_layout

__all__ = ["Laid", "Layout", "find_layout", "lay_out", "prepare_layout"]
