"""Ballyhoo: the public API for plugin authors, and nothing else.

Names are imported when they are first used, so that `import ballyhoo` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .core.address import normalise_email
    from .core.brief import (
        Brief,
        BriefedProduct,
        Copy,
        FieldLimits,
        Objection,
        Offer,
        Provenance,
    )
    from .core.clock import Clock
    from .core.conditions.checked import CheckedCondition
    from .core.conditions.options import CustomerCondition, ProductCondition
    from .core.conditions.selecting import compile_condition
    from .core.context import Artifacts, Context, Progress
    from .core.customer import Customer
    from .core.embedding import embed_texts
    from .core.enquiry import (
        Article,
        Enquiry,
        Handoff,
        LabelledEnquiry,
        Order,
        OrderLine,
        Reply,
        Turn,
    )
    from .core.errors import (
        ArtifactRefused,
        BallyhooError,
        DataError,
        EnvironmentMissing,
        PermanentDeliveryError,
        PluginError,
        PolicyError,
        RecipeError,
        TransientDeliveryError,
    )
    from .core.evaluation.intervals import Interval, bootstrap_difference, bootstrap_mean
    from .core.evaluation.metrics import (
        Judgement,
        judge_rankings,
        measure_coverage,
        measure_novelty,
    )
    from .core.event import Event
    from .core.finding import Finding
    from .core.functions import ConditionFunction, ConditionSubject, FunctionArgument
    from .core.hooks import hookimpl
    from .core.inbox import open_inbox
    from .core.interactions import Interactions, Ratings
    from .core.links import Links
    from .core.localising import write_date, write_price
    from .core.mailroom.mailroom import Mailroom, MailroomWork, open_mailroom
    from .core.mailroom.received import ReceivedMail
    from .core.message import Channel, Dispatch, Message, Receipt, Thread
    from .core.message_files import FILE_LANES, write_messages
    from .core.options import (
        DataFile,
        Options,
        Secret,
        SecretReference,
        Template,
        TemplateFile,
        WrittenTexts,
    )
    from .core.plugin_settings import read_settings
    from .core.product import Product, Reason, Recommendation
    from .core.readability import measure_reading
    from .core.recipe.values import Duration
    from .core.senders import Senders
    from .core.setting_tables import Brand, Sender
    from .core.slots import Slot, fill_slots, find_slots, without_slots
    from .core.store.public import tables
    from .core.store.view import StoreView
    from .core.templates import PreparedTemplate, prepare_template, render_template
    from .core.web.returning import Noted, Returned, SoftLimit, Trace
    from .core.web.routes import Endpoint, Inbox, Request, Response, WebApp

_HOMES = {
    "address": "normalise_email",
    "brief": "Brief BriefedProduct Copy FieldLimits Objection Offer Provenance",
    "clock": "Clock",
    "conditions.checked": "CheckedCondition",
    "conditions.options": "CustomerCondition ProductCondition",
    "conditions.selecting": "compile_condition",
    "context": "Artifacts Context Progress",
    "customer": "Customer",
    "embedding": "embed_texts",
    "enquiry": "Article Enquiry Handoff LabelledEnquiry Order OrderLine Reply Turn",
    "errors": (
        "ArtifactRefused BallyhooError DataError EnvironmentMissing PermanentDeliveryError "
        "PluginError PolicyError RecipeError TransientDeliveryError"
    ),
    "evaluation.intervals": "Interval bootstrap_difference bootstrap_mean",
    "evaluation.metrics": "Judgement judge_rankings measure_coverage measure_novelty",
    "event": "Event",
    "finding": "Finding",
    "functions": "ConditionFunction ConditionSubject FunctionArgument",
    "hooks": "hookimpl",
    "inbox": "open_inbox",
    "interactions": "Interactions Ratings",
    "links": "Links",
    "localising": "write_date write_price",
    "mailroom.mailroom": "Mailroom MailroomWork open_mailroom",
    "mailroom.received": "ReceivedMail",
    "message": "Channel Dispatch Message Receipt Thread",
    "message_files": "FILE_LANES write_messages",
    "options": "DataFile Options Secret SecretReference Template TemplateFile WrittenTexts",
    "plugin_settings": "read_settings",
    "product": "Product Reason Recommendation",
    "readability": "measure_reading",
    "recipe.values": "Duration",
    "senders": "Senders",
    "setting_tables": "Brand Sender",
    "slots": "Slot fill_slots find_slots without_slots",
    "store.public": "tables",
    "store.view": "StoreView",
    "templates": "PreparedTemplate prepare_template render_template",
    "web.returning": "Noted Returned SoftLimit Trace",
    "web.routes": "Endpoint Inbox Request Response WebApp",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "FILE_LANES",
    "Article",
    "ArtifactRefused",
    "Artifacts",
    "BallyhooError",
    "Brand",
    "Brief",
    "BriefedProduct",
    "Channel",
    "CheckedCondition",
    "Clock",
    "ConditionFunction",
    "ConditionSubject",
    "Context",
    "Copy",
    "Customer",
    "CustomerCondition",
    "DataError",
    "DataFile",
    "Dispatch",
    "Duration",
    "Endpoint",
    "Enquiry",
    "EnvironmentMissing",
    "Event",
    "FieldLimits",
    "Finding",
    "FunctionArgument",
    "Handoff",
    "Inbox",
    "Interactions",
    "Interval",
    "Judgement",
    "LabelledEnquiry",
    "Links",
    "Mailroom",
    "MailroomWork",
    "Message",
    "Noted",
    "Objection",
    "Offer",
    "Options",
    "Order",
    "OrderLine",
    "PermanentDeliveryError",
    "PluginError",
    "PolicyError",
    "PreparedTemplate",
    "Product",
    "ProductCondition",
    "Progress",
    "Provenance",
    "Ratings",
    "Reason",
    "Receipt",
    "ReceivedMail",
    "RecipeError",
    "Recommendation",
    "Reply",
    "Request",
    "Response",
    "Returned",
    "Secret",
    "SecretReference",
    "Sender",
    "Senders",
    "Slot",
    "SoftLimit",
    "StoreView",
    "Template",
    "TemplateFile",
    "Thread",
    "Trace",
    "TransientDeliveryError",
    "Turn",
    "WebApp",
    "WrittenTexts",
    "bootstrap_difference",
    "bootstrap_mean",
    "compile_condition",
    "embed_texts",
    "fill_slots",
    "find_slots",
    "hookimpl",
    "judge_rankings",
    "measure_coverage",
    "measure_novelty",
    "measure_reading",
    "normalise_email",
    "open_inbox",
    "open_mailroom",
    "prepare_template",
    "read_settings",
    "render_template",
    "tables",
    "without_slots",
    "write_date",
    "write_messages",
    "write_price",
]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'ballyhoo' has no attribute '{name}'")
    value = getattr(import_module(f"ballyhoo.core.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
