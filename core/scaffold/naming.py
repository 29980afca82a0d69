"""Says whether a new plugin can have a name: it must install, import and collide with nothing."""

from __future__ import annotations

import keyword
import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec

from ..errors import BallyhooError
from ..installed import find_entry_points
from ..plugin_loading import GROUP, RESERVED

LONGEST = 40
"""Most characters of a name; the lines that it stands in stay readable."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")


def check_plugin_name(name: str) -> str:
    """Return the package's name, which recipes use too, for a distribution's name.

    Raises:
        BallyhooError: It is not one, or it is taken; the message says by what.
    """
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        raise BallyhooError(
            f"'{name}' is not a name for a plugin",
            hint=f"at most {LONGEST} lower-case letters, digits and single '-' or '_', "
            "a letter first: acme-sms",
        )
    package = name.replace("-", "_")
    if keyword.iskeyword(package):
        raise _refuse(name, "is a word of Python")
    if package in sys.stdlib_module_names:
        raise _refuse(name, "is a module of Python's standard library")
    if package in RESERVED:
        raise _refuse(name, "means something else in the [plugins] table of ballyhoo.toml")
    if package in {point.name for point in find_entry_points(GROUP)}:
        raise _refuse(name, "is an installed plugin; 'ballyhoo plugins' lists them")
    try:
        raise _refuse(name, f"is installed ({distribution(name).name})")
    except PackageNotFoundError:
        pass
    found = find_spec(package)
    # A folder without __init__.py that happens to be here has no origin and hides nothing.
    if found is not None and found.origin is not None:
        raise _refuse(name, f"would hide the installed module {package}")
    return package


def _refuse(name: str, why: str) -> BallyhooError:
    return BallyhooError(
        f"a plugin cannot be called '{name}': that {why}", hint="choose another, such as acme-sms"
    )
