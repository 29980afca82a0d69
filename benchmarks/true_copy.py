"""Writes true copy with slots by a small grammar: English, German, Chinese, several voices.

Each copy comes with its brief, and says nothing that the brief's facts do not hold. The sentences
stand in `true_sentences.json`, each with the name of what
must be true for it; this module chooses those that are true of the products and the offer.
It knows nothing of copy_guard.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from ballyhoo import Brief, BriefedProduct, Copy, FieldLimits, Offer, Product, Provenance
from ballyhoo.core.facts import collect_facts

TODAY = date(2026, 3, 2)
_TEXTS = json.loads(Path(__file__).with_name("true_sentences.json").read_text(encoding="utf-8"))
GREETINGS: dict[str, dict[str, list[str]]] = _TEXTS["greetings"]
SUBJECTS: dict[str, list[list[str]]] = _TEXTS["subjects"]
SENTENCES: dict[str, list[list[str]]] = _TEXTS["sentences"]
PERSON = {"first_name": "Noor", "last_name": "Lind", "full_name": "Noor Lind"}
VOICES = ("warm", "terse", "playful")
LANGUAGES = ("en", "de", "zh")

GOODS: tuple[dict[str, object], ...] = (
    {
        "titles": {"en": "Tarn 2 trail shoe", "de": "Trailschuh Tarn 2", "zh": "山径跑鞋二代"},
        "attributes": {"property": "waterproof", "weight": "280 g"},
        "descriptions": {
            "en": "A waterproof shoe of 280 g with room for the toes.",
            "de": "Ein wasserdichter Schuh mit Platz für die Zehen, 280 g.",
            "zh": "防水鞋面,脚趾有空间。",
        },
        "category": ("outdoor", "shoes"),
    },
    {
        "titles": {"en": "Firn hiking sock", "de": "Wandersocke Firn", "zh": "徒步袜"},
        "attributes": {"material": "merino wool"},
        "descriptions": {
            "en": "Knitted from merino wool, breathable on long climbs.",
            "de": "Gestrickt aus Merinowolle, atmungsaktiv auf langen Anstiegen.",
            "zh": "美利奴羊毛织成,透气。",
        },
        "category": ("outdoor", "socks"),
    },
    {
        "titles": {"en": "Oktober coffee", "de": "Oktober Kaffee", "zh": "十月咖啡"},
        "attributes": {"origin": "Ethiopia", "quality": "organic"},
        "descriptions": {
            "en": "Organic beans, roasted slowly. Free shipping from the roastery.",
            "de": "Bio-Bohnen, langsam geröstet. Kostenloser Versand aus der Rösterei.",
            "zh": "有机咖啡豆,慢火烘焙。包邮。",
        },
        "category": ("kitchen", "coffee"),
    },
    {
        "titles": {"en": "Harbour mug", "de": "Hafenbecher", "zh": "海港杯"},
        "attributes": {"material": "ceramic", "care": "dishwasher safe"},
        "descriptions": {
            "en": "A ceramic mug, dishwasher safe, with a thick handle.",
            "de": "Ein Becher aus Keramik, spülmaschinenfest, mit dickem Henkel.",
            "zh": "陶瓷杯,手柄厚实,可用洗碗机清洗。",
        },
        "category": ("kitchen", "mugs"),
    },
    {
        "titles": {"en": "Lodestar tent", "de": "Zelt Lodestar", "zh": "北极星帐篷"},
        "attributes": {"room": "two-person", "warranty": "three-year guarantee"},
        "descriptions": {
            "en": "A two-person tent, windproof, with a three-year guarantee.",
            "de": "Ein Zelt für zwei Personen, winddicht, mit drei Jahren Garantie.",
            "zh": "两人帐篷,防风,三年质保。",
        },
        "category": ("camping", "tents"),
    },
    {
        "titles": {"en": "Quill shirt", "de": "Hemd Quill", "zh": "羽衫"},
        "attributes": {"material": "100% cotton", "made": "Portugal"},
        "descriptions": {
            "en": "A shirt of 100% cotton, washable, with a soft collar.",
            "de": "Ein Hemd aus 100% Baumwolle, waschbar, mit weichem Kragen.",
            "zh": "纯棉衬衫,可机洗,领口柔软。",
        },
        "category": ("clothing", "shirts"),
    },
    {
        "titles": {"en": "Sorrel candle", "de": "Kerze Sorrel", "zh": "酢浆草蜡烛"},
        "attributes": {"scent": "meadow"},
        "descriptions": {
            "en": "A candle for quiet evenings.",
            "de": "Eine Kerze für stille Abende.",
            "zh": "安静夜晚的蜡烛。",
        },
        "category": ("home", "candles"),
    },
    {
        "titles": {"en": "Drift scarf", "de": "Schal Drift", "zh": "流云围巾"},
        "attributes": {"pattern": "striped"},
        "descriptions": {
            "en": "A long scarf for walks by the sea.",
            "de": "Ein langer Schal für Spaziergänge am Meer.",
            "zh": "海边散步的长围巾。",
        },
        "category": ("clothing", "scarves"),
    },
)
FIELDS = {"subject": FieldLimits(max_chars=200), "body": FieldLimits(max_chars=2_000)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A copy that is to be judged, with its brief.

    Attributes:
        brief: What was known.
        copy: What was written.
        voice: The voice it was written in.
    """

    brief: Brief
    copy: Copy
    voice: str


def list_products() -> list[Product]:
    """Return the invented catalogue."""
    products = []
    for number, goods in enumerate(GOODS, start=1):
        price = Decimal(10 + 17 * number)
        reduced = number % 3 == 1
        products.append(
            Product(
                id=number,
                sku=f"SKU-{number}",
                prices={"EUR": price},
                list_prices={"EUR": price + 20} if reduced else {},
                stock=(None, 3, 40, 0)[number % 4],
                brand=("Fernpfad", None, "Oakharrow")[number % 3],
                **goods,  # type: ignore[arg-type]
            )
        )
    return products


def make_brief(random_: random.Random, language: str) -> Brief:
    """Return a brief with one to three products and, mostly, an offer."""
    products = random_.sample(list_products(), random_.randint(1, 3))
    offer = random_.choice(
        [
            None,
            Offer(
                code="THAW15",
                discount="15%",
                ends=TODAY + timedelta(days=random_.choice([0, 5, 40])),
            ),
            Offer(code="GREEN", discount="5.00 EUR"),
            Offer(ends=TODAY + timedelta(days=9)),
        ]
    )
    briefed = tuple(BriefedProduct(product=one) for one in products)
    return Brief(
        campaign="measured",
        language=language,
        fields=FIELDS,
        slots=tuple(collect_facts(PERSON, briefed, offer, language)),
        products=briefed,
        offer=offer,
        voice=random_.choice(VOICES),
        seed=random_.randrange(2**31),
    )


def list_truths(brief: Brief) -> set[str]:
    """Return the names of what is true of a brief, as the sentences ask for it."""
    first, offer = brief.products[0].product, brief.offer
    truths = {"always", f"sku:{first.sku}", f"category:{first.category[0]}"}
    if first.list_prices:
        truths.add("reduced")
    if first.brand:
        truths.add("brand")
    if len(brief.products) > 1:
        truths.add("second")
    if first.stock and first.stock <= 5:
        truths.add("low")
    if first.stock:
        truths.add("stocked")
    if offer is not None:
        truths.add("offer")
        truths |= {name for name in ("code", "discount", "ends") if getattr(offer, name)}
        if offer.code and offer.discount:
            truths.add("code+discount")
        if offer.discount and offer.ends:
            truths.add("discount+ends")
        if offer.ends and offer.ends <= TODAY + timedelta(days=9):
            truths.add("soon")
        if offer.ends == TODAY:
            truths.add("today")
    return truths


def write_true(random_: random.Random) -> Draft:
    """Return a true copy."""
    language = random_.choice(LANGUAGES)
    brief = make_brief(random_, language)
    truths, voice = list_truths(brief), brief.voice or "warm"
    fitting = [one for needs, one in SENTENCES[language] if needs in truths]
    special = [one for needs, one in SENTENCES[language] if needs in truths - {"always"}]
    subjects = [one for needs, one in SUBJECTS[language] if needs in truths]
    size = {"warm": 4, "terse": 2, "playful": 3}[voice]
    chosen = random_.sample(fitting, min(size, len(fitting)))
    if special:
        chosen.append(random_.choice(special))
    chosen = list(dict.fromkeys(chosen))
    random_.shuffle(chosen)
    glue = "" if language == "zh" else " "
    greeting = random_.choice(GREETINGS[language][voice])
    body = glue.join([greeting, *chosen]).strip()
    copy = Copy(
        fields={"subject": random_.choice(subjects), "body": body},
        provenance=Provenance(generator="true_copy", seed=brief.seed),
    )
    return Draft(brief=brief, copy=copy, voice=voice)


def write_many(count: int, seed: int) -> Iterator[Draft]:
    """Yield true copies; the same seed gives the same ones."""
    random_ = random.Random(seed)
    for _ in range(count):
        yield write_true(random_)
