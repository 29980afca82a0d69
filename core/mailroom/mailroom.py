"""The mailroom of a workspace: takes mail that came in, has it answered, and lets replies leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..options import Options
from .received import ReceivedMail, Taken

if TYPE_CHECKING:
    from ..campaign import Campaign
    from ..engine.engine import Engine
    from ..engine.executors import Executor
    from ..stored_inbox import StoreInbox
    from ..workspace import Workspace

DEFAULT_MOST_A_DAY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class MailroomWork:
    """What came of the mails that were taken.

    Attributes:
        answered: How many have a reply.
        handed_off: How many a person answers.
        unsubscribed: How many of these asked for no more messages, and get none.
        states: How many replies and hand-offs of this inbox came to which state meanwhile.
        is_left_to_workers: Whether workers do the work; the counts are then 0.
        waits_for: What is not there that is needed, in words; None when nothing.
    """

    answered: int = 0
    handed_off: int = 0
    unsubscribed: int = 0
    states: dict[str, int]
    is_left_to_workers: bool = False
    waits_for: str | None = None


class Mailroom:
    """Takes mail that came in and answers it; see `open_mailroom`.

    Args:
        engine: The engine.
        campaign: How enquiries are answered.
        folder: The workspace's folder.
        name: The inbox's name.
        inbox: Takes what is no mail to be answered: bounces, complaints.
        executor: What rings for workers; None when this process does the work.
        most_a_day: So many mails of one address are answered within a day.
    """

    def __init__(
        self,
        engine: Engine,
        campaign: Campaign,
        folder: Path,
        *,
        name: str,
        inbox: StoreInbox,
        executor: Executor | None,
        most_a_day: int,
    ) -> None:
        from .standing import find_or_start

        self.inbox = inbox
        self._engine = engine
        self._campaign = campaign
        self._name = name
        self._executor = executor
        self._most_a_day = most_a_day
        self.run_id = find_or_start(engine, campaign, folder, name)

    @property
    def deliver_options(self) -> Options | None:
        """The options of the recipe's `deliver` block, as its plugin reads them."""
        bound = next(iter(self._campaign.variants.values()))
        return bound.stages["deliver"].options

    @property
    def handoff_address(self) -> str | None:
        """Where mails go that a person must answer; None when the recipe names no address."""
        respond = self._campaign.recipe.respond
        return None if respond is None else respond.handoff

    def take(self, mail: ReceivedMail) -> Taken:
        """Keep a mail, so that it is answered; durable when it returns.

        Nothing is answered or sent yet, so it is quick. The same mail again is known.

        Raises:
            BallyhooError: The inbox was cancelled meanwhile.
        """
        from .taking import take_mail

        return take_mail(self._engine, self.run_id, self._name, mail, most_a_day=self._most_a_day)

    def work(self, *, should_stop: Callable[[], bool] | None = None) -> MailroomWork:
        """Answer what was taken, now or before, and let replies leave; or ring for workers.

        Args:
            should_stop: Asked between mails; True leaves the others to the next time. None: never.

        Raises:
            EnvironmentMissing: Something that the responder needs is not there; nothing is lost.
        """
        from ..engine.embedded import run_here
        from ..engine.runs import load_run
        from ..store.ledger.recovery import recover_leases
        from .answering import Tally, answer_waiting

        engine = self._engine
        before = self._count()
        if self._executor is not None:
            self._executor.start(self.run_id)
            return MailroomWork(states={}, is_left_to_workers=True)
        recover_leases(engine.owner, now=engine.now)
        tally, lacks = Tally(), None
        for run_id in self._list_runs():
            if run_id == self.run_id:
                tally.add(answer_waiting(engine, load_run(engine, run_id), should_stop=should_stop))
            lacks = run_here(engine, run_id).lacks or lacks
        states = self._count()
        states.subtract(before)
        return MailroomWork(
            answered=tally.answered,
            handed_off=tally.handed_off,
            unsubscribed=tally.unsubscribed,
            states={state: count for state, count in states.items() if count > 0},
            waits_for=lacks,
        )

    def _list_runs(self) -> list[int]:
        """Return the open runs of this inbox: ours, and those that ours took the place of."""
        from ..store.ledger.standing import find_standing

        with self._engine.store.read() as connection:
            return [row.id for row in find_standing(connection, self._name)]

    def _count(self) -> Counter[str]:
        from ..store.ledger.receipts import count_receipt

        counted: Counter[str] = Counter()
        runs = self._list_runs()
        with self._engine.store.read() as connection:
            for run_id in runs:
                counted.update(count_receipt(connection, run_id).states)
        return counted


@contextmanager
def open_mailroom(
    workspace: Workspace,
    source: str,
    *,
    name: str = "mail",
    recipe: Path | None = None,
    most_a_day: int = DEFAULT_MOST_A_DAY,
) -> Iterator[Mailroom]:
    """Open the mailroom of a workspace, for a plugin's own command that reads mail.

    Each inbox has a standing run in the ledger: a run that takes mails as they come, and is never
    through. What was taken has one reply, whoever dies in between.

    Args:
        workspace: What a command of the group `ballyhoo.commands` gets as `obj.workspace`.
        source: The plugin's name.
        name: The inbox's; two mailboxes that are answered alike may share one.
        recipe: How enquiries are answered; `campaigns/answers.yaml` when None.
        most_a_day: So many mails of one address are answered within a day.

    Raises:
        EnvironmentMissing: There is no workspace, its database cannot be opened, or a plugin that
            the recipe needs is not there.
        DataError: The recipe does not say from whom replies are.
        PolicyError: It must not be sent like this.
        BallyhooError: The inbox's run is paused.
    """
    from ..answering.recipe import load_answers
    from ..engine.engine import open_engine
    from ..engine.executors import find_executor
    from ..links import make_links
    from ..stored_inbox import StoreInbox

    campaign = load_answers(workspace, recipe)
    executor = find_executor(workspace)
    with open_engine(workspace, queues="inbound") as engine:
        inbox = StoreInbox(engine.store, source=source, signs=make_links(workspace.settings))
        yield Mailroom(
            engine, campaign, workspace.folder,
            name=name, inbox=inbox, executor=executor, most_a_day=most_a_day,
        )  # fmt: skip
        inbox.close()
