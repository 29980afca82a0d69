"""A click that leads to the page of a product is a view of it, for profiles and for training."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ballyhoo.core.store.profiles import refresh_profiles
from ballyhoo.core.store.reading import StoredView
from ballyhoo.core.store.rows import ConsentRow, ProductRow
from ballyhoo.core.store.tables import events
from ballyhoo.core.store.writers import open_writer
from ballyhoo.core.tracking import drop_utm
from ballyhoo.plugins.cf_recommender.options import CfOptions
from ballyhoo.plugins.cf_recommender.reading import read_deeds
from ballyhoo.testing import make_context

from ..engine.shop import make_recipe
from .site import MAIL, TRACKED, Site
from .test_app import find_link

PAGE = "https://shop.example/cork?colour=moss"


def send(site: Site, url: str) -> Any:
    yes = (ConsentRow("email", True, 1), ConsentRow("tracking", True, 1))
    site.shop.add("ada", consents=yes)
    with open_writer(site.shop.store, "products", now=site.shop.clock.now()) as writer:
        writer.write([ProductRow("cork", url=PAGE), ProductRow("fern", url=f"{PAGE}&more")])
    button = {"text": "Look", "url": url}
    run = site.shop.run(make_recipe(deliver={**MAIL, **TRACKED, "button": button}))
    site.shop.clock.advance(timedelta(minutes=5))
    return run


def test_a_click_on_a_product_is_trained_on_as_a_view_of_it(site: Site) -> None:
    run = send(site, PAGE)
    site.ask("GET", find_link(site.page_of(run, "ada"), "c"))
    found = {row.type: row for row in site.rows(events)}
    assert set(found) == {"click", "view"}
    assert found["view"].product_id == found["click"].product_id == 1
    site.shop.clock.advance(timedelta(minutes=1))
    view = StoredView(site.shop.store, site.shop.clock)
    deeds = read_deeds(make_context(store=view, clock=site.shop.clock), CfOptions())
    assert deeds.product_ids.tolist() == [1]
    assert deeds.customer_ids.tolist() == [site.shop.find("ada")]
    assert [round(float(weight), 3) for weight in deeds.weights] == [CfOptions().weights["view"]]
    refresh_profiles(site.shop.store)
    (ada,) = view.customers([site.shop.find("ada")])
    assert ada is not None
    assert ada.traits["views"] == 1


def test_a_machines_click_and_one_that_leads_elsewhere_are_no_view(site: Site) -> None:
    run = send(site, "https://shop.example/elsewhere")
    link = find_link(site.page_of(run, "ada"), "c")
    site.ask("HEAD", link)
    site.ask("GET", link)
    assert [row.type for row in site.rows(events)] == ["click"]


def test_utm_parameters_alone_are_left_out_of_an_address() -> None:
    plain = "https://a.example/p?b=%20&c"
    assert drop_utm(plain) == plain
    assert drop_utm(f"{plain}&utm_source=x&utm_id=1") == plain
    assert drop_utm("https://a.example/p?utm_source=x") == "https://a.example/p"
