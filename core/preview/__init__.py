"""Shows the messages of a campaign as a page, before anybody gets one."""

from .making import Preview, ShownMessage, make_preview
from .page import write_page
from .warning import Warned, list_warnings

__all__ = ["Preview", "ShownMessage", "Warned", "list_warnings", "make_preview", "write_page"]
