from __future__ import annotations

from ballyhoo.core.preview.schemes import force_scheme


def test_a_scheme_is_forced_in_styles_and_not_in_text() -> None:
    html = (
        "<head><style>@media (prefers-color-scheme: dark) and (max-width:9px) {p{color:red}}"
        "</style></head><source media='(prefers-color-scheme:light)'>"
        "on (prefers-color-scheme: dark)"
    )
    dark, light = force_scheme(html, "dark"), force_scheme(html, "light")
    assert "@media (min-width: 0) and (max-width:9px)" in dark
    assert "media='(max-width: 0)'" in dark
    assert "only dark" in dark.partition("</head>")[0]
    assert "@media (max-width: 0) and (max-width:9px)" in light
    assert "media='(min-width: 0)'" in light
    for forced in (dark, light):
        assert forced.endswith("on (prefers-color-scheme: dark)")
    assert force_scheme("<p>x", "dark").endswith("<p>x")
