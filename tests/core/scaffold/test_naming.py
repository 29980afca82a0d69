from __future__ import annotations

import pytest

from ballyhoo.core.errors import BallyhooError
from ballyhoo.core.scaffold.naming import LONGEST, check_plugin_name


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("acme", "acme"),
        ("acme-sms", "acme_sms"),
        ("acme_sms", "acme_sms"),
        ("acme2-sms-de", "acme2_sms_de"),
        ("a" * LONGEST, "a" * LONGEST),
    ],
)
def test_dashes_become_underscores(name: str, package: str) -> None:
    assert check_plugin_name(name) == package


@pytest.mark.parametrize(
    "name",
    [
        "", "-", "Acme", "acme sms", "acme-", "-acme", "2acme", "acme--sms", "acme.sms", "übung",
        "../acme", "acme/sms", "acme\n", "a" * (LONGEST + 1),
    ],
)  # fmt: skip
def test_what_cannot_be_a_package_is_refused_with_what_can(name: str) -> None:
    with pytest.raises(BallyhooError, match="is not a name for a plugin") as raised:
        check_plugin_name(name)
    assert "acme-sms" in str(raised.value)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("class", "a word of Python"),
        ("json", "Python's standard library"),
        ("outbox", "an installed plugin"),
        ("copy-guard", "an installed plugin"),
        ("ballyhoo", r"is installed \(ballyhoo\)"),
        ("scikit-surprise", r"is installed \(scikit-surprise\)"),
        ("surprise", "hide the installed module surprise"),
        ("allow", r"the \[plugins\] table"),
    ],
)
def test_name_that_is_taken_is_refused_with_what_took_it(name: str, why: str) -> None:
    with pytest.raises(BallyhooError, match=why):
        check_plugin_name(name)
