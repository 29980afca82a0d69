"""Messages show the brand's pictures from our own server, and previews hold them themselves."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ballyhoo.core.asset_checks import look_at_assets
from ballyhoo.core.assets import MOST_BYTES, load_assets
from ballyhoo.core.cli import main
from ballyhoo.core.setting_tables import Brand
from ballyhoo.core.settings import load_settings
from ballyhoo.core.store.tables import assets
from ballyhoo.core.web.app import make_app
from ballyhoo.core.web.showing import Shelf
from ballyhoo.core.workspace import Workspace

from ..engine.shop import make_recipe
from .site import BASE, MAIL, Site
from .test_app import send

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
GIF = b"GIF89a" + b"\x00" * 20
TEMPLATE = (
    '<html><body><img src="{{ asset("logo.png") }}" alt=""><p>{{ body }}</p>'
    '<a href="{{ unsubscribe_url }}">x</a></body></html>'
)


def put(folder: Path, name: str, content: bytes) -> None:
    path = folder / "brand" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def run_cli(site: Site, *arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["--workspace", str(site.shop.folder), *arguments])
    return int(ended.value.code or 0)


@pytest.fixture
def pictured(site: Site) -> Site:
    put(site.shop.folder, "logo.png", PNG)
    toml = site.shop.folder / "ballyhoo.toml"
    text = toml.read_text().replace("[brand]\n", '[brand]\nassets = "brand"\nlogo = "logo.png"\n')
    toml.write_text(text)
    site.shop.workspace.__dict__.pop("settings", None)
    site.shop.engine.settings = load_settings(site.shop.folder)
    return site


def test_the_logo_of_a_message_is_served_for_years_and_under_a_name_of_its_own(
    pictured: Site,
) -> None:
    run = send(pictured, "ada", tracking={})
    found = re.search(rf'src="({BASE}/a/[a-z2-7]{{24}}\.png)"', pictured.page_of(run, "ada"))
    assert found is not None
    for _ in range(2):  # from the database, then from memory
        answer = pictured.ask("GET", found[1])
        assert (answer.status_code, answer.content) == (200, PNG)
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    # Another logo has another name; the message that left shows the one that it had.
    put(pictured.shop.folder, "logo.png", PNG + b"new")
    pictured.shop.run(make_recipe("second", deliver=MAIL))
    assert len(pictured.rows_of(assets)) == 2
    assert pictured.ask("GET", found[1]).content == PNG
    for name in ("x", "..%2fballyhoo.toml", "a" * 24 + ".png", "%00"):
        assert pictured.ask("GET", f"/a/{name}").status_code == 404


def test_our_pages_show_the_logo_from_here(pictured: Site) -> None:
    with TestClient(make_app(pictured.shop.workspace, clock=pictured.shop.clock)) as client:
        page = client.get("/unsubscribe/x")
        found = re.search(r'<img src="(/a/[^"]+)" alt="Fernpfad">', page.text)
        assert found is not None
        assert client.get(found[1]).content == PNG
        assert "img-src 'self'" in page.headers["content-security-policy"]


def test_a_template_names_an_asset_and_a_preview_holds_it(pictured: Site) -> None:
    folder = pictured.shop.folder / "templates"
    folder.mkdir(exist_ok=True)
    (folder / "own.html.j2").write_text(TEMPLATE)
    run = send(pictured, "ada", tracking={}, template="own.html.j2")
    assert f'src="{BASE}/a/' in pictured.page_of(run, "ada")
    recipe = pictured.shop.folder / "may.yaml"
    recipe.write_text(make_recipe("may", deliver={**MAIL, "template": "own.html.j2"}))
    out = pictured.shop.folder / "shown"
    assert run_cli(pictured, "preview", str(recipe), "--out", str(out)) == 0
    pages = [path.read_text() for path in out.rglob("*.html")]
    assert any("data:image/png;base64," in page for page in pages)


def test_check_and_doctor_say_what_is_missing(
    pictured: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pictured.shop.folder
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / "own.html.j2").write_text(TEMPLATE.replace("logo.png", "lgo.png"))
    recipe = folder / "may.yaml"
    recipe.write_text(make_recipe(deliver={**MAIL, "template": "own.html.j2"}))
    assert run_cli(pictured, "check", str(recipe), "--json") == 2
    (mistake,) = json.loads(capsys.readouterr().out)["mistakes"]
    assert (mistake["file"], mistake["line"], mistake["column"]) == ("templates/own.html.j2", 1, 33)
    assert mistake["message"] == "there is no asset 'lgo.png'; did you mean 'logo.png'?"

    put(folder, "old.svg", b"<svg onload='alert(1)'/>")
    (folder / "brand" / "logo.png").unlink()
    workspace = Workspace(folder)
    found = {one.what: one.hint for one in look_at_assets(workspace, workspace.settings)}
    assert "an SVG is none" in found["asset"]
    assert "there is no asset 'logo.png'" in found["brand.logo"]


def test_only_pictures_and_fonts_of_a_bounded_size_are_assets(tmp_path: Path) -> None:
    put(tmp_path, "a.png", PNG)
    put(tmp_path, "icons/b.gif", GIF)
    put(tmp_path, "named.png", b"<html><script>alert(1)</script>")
    put(tmp_path, "big.png", PNG + b"x" * MOST_BYTES)
    put(tmp_path, "strange name.png", PNG)
    put(tmp_path, ".hidden.png", PNG)
    (tmp_path / "secret.png").write_bytes(PNG)
    (tmp_path / "brand" / "out.png").symlink_to(tmp_path / "secret.png")
    found = load_assets(tmp_path, Brand(assets="brand"))
    assert list(found.found) == ["a.png", "icons/b.gif"]
    assert [one.partition(":")[0] for one in found.problems] == [
        "big.png", "named.png", "out.png", "strange name.png",
    ]  # fmt: skip
    one = found.found["a.png"]
    assert one.name_file(b"a key") != one.name_file(b"another")
    assert load_assets(tmp_path, Brand(assets="nowhere")).problems


def test_what_is_kept_in_memory_is_bounded() -> None:
    shelf = Shelf(most_bytes=25)
    for name in "abc":
        shelf.keep(name, ("image/png", b"x" * 10))
    assert [shelf.find(name) is not None for name in "abc"] == [False, True, True]
