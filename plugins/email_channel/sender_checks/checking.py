"""Checks each sender of a workspace; where the DNS does not answer, it says so and goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from ballyhoo import Finding, Sender

from .dkim_record import check_dkim
from .dmarc import Policy, check_alignment, check_dmarc, find_policy
from .recipes import DEFAULT, find_from_domains
from .records import NotAnsweredError, Records
from .servers import check_server, find_host
from .spf import check_spf

Look = Callable[[], tuple[bool, str]]


def check_senders(
    workspace: Any, name_servers: Sequence[tuple[str, int]] | None = None
) -> Iterator[Finding]:
    """Yield what there is to say about the senders of a workspace.

    Args:
        workspace: The workspace.
        name_servers: Which servers of the DNS to ask; those of the system when None.
    """
    settings = workspace.settings
    senders: dict[str, Sender] = dict(settings.senders)
    url = settings.smtp_url.get_secret_value()
    if not senders and not url:
        return
    senders.setdefault(DEFAULT, Sender())
    records = Records(name_servers)
    domains = find_from_domains(workspace.folder)
    for name, sender in sorted(senders.items()):
        if name == DEFAULT and DEFAULT not in settings.senders and name not in domains:
            continue  # nobody sends by it
        own = sender.smtp_url.get_secret_value() if sender.smtp_url else url
        yield from _check_sender(workspace, name, sender, own, domains.get(name, []), records)


def _check_sender(
    workspace: Any, name: str, sender: Sender, url: str, found: list[str], records: Records
) -> Iterator[Finding]:
    if url:
        yield _find(name, "server", partial(check_server, url))
    bounces_to = sender.return_path or sender.domain
    if bounces_to:
        yield _find(name, "SPF", partial(check_spf, records, bounces_to, find_host(url)))
        yield _find(name, "return path", partial(_check_return_path, records, sender))
    yield _find(name, "DKIM", partial(check_dkim, records, sender, workspace.folder))
    signing = sender.domain if sender.dkim_selector else ""
    for domain in found or ([sender.domain] if sender.domain else []):
        policy = _find_policy(records, domain)
        if isinstance(policy, Finding):
            yield Finding(what=f"sender {name}: DMARC", ok=True, hint=policy.hint)
            continue
        yield _find(name, "DMARC", partial(check_dmarc, policy, domain))
        yield _find(name, "From", partial(check_alignment, policy, domain, signing, bounces_to))


def _check_return_path(records: Records, sender: Sender) -> tuple[bool, str]:
    """Return whether bounces come back, and what to do."""
    domain = sender.return_path or sender.domain
    if not sender.return_path:
        return False, f"it has none, so that bounces come back to {domain}; set return_path"
    servers = records.read_servers(domain)
    if "" in servers:
        return False, f"{domain} says that it takes no mail (null MX); bounces are lost"
    if servers:
        return True, f"{domain}: bounces go to {servers[0]}"
    if records.has_address(domain):
        return True, f"{domain}: bounces go to its own address; better publish an MX record"
    return False, f"bounces cannot come back; publish {domain}. MX 10 mail.{domain}."


def _find_policy(records: Records, domain: str) -> Policy | Finding | None:
    try:
        return find_policy(records, domain)
    except NotAnsweredError as error:
        return Finding(what="", ok=True, hint=_say_unanswered(error))


def _find(name: str, what: str, look: Look) -> Finding:
    try:
        ok, hint = look()
    except NotAnsweredError as error:
        ok, hint = True, _say_unanswered(error)
    return Finding(what=f"sender {name}: {what}", ok=ok, hint=hint)


def _say_unanswered(error: NotAnsweredError) -> str:
    return f"not checked: the DNS does not answer ({error})"
