"""What many ask is stored together, and one that cannot be stored is no fault of the others."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy.exc import OperationalError

from ballyhoo.core.store.patience import DatabaseAway
from ballyhoo.core.web.committing import Write
from ballyhoo.core.web.gathering import Gathering
from ballyhoo.core.web.waiting import MOST_WAITING, Overloaded

AWAY = OperationalError("INSERT", None, Exception("database is locked"))


class Database:
    """Stores numbers; it is away as often as it is told, and takes no negative ones."""

    def __init__(self, *, away: int = 0) -> None:
        self.groups: list[list[int]] = []
        self.away = away
        self.may_go_on = threading.Event()

    def write(self, numbers: list[int]) -> list[int]:
        assert self.may_go_on.wait(20)
        if self.away:
            self.away -= 1
            raise AWAY
        if min(numbers) < 0:
            raise ValueError("a negative number")
        self.groups.append(numbers)
        return [number * 10 for number in numbers]


def ask_all(database: Database, *numbers: int, seconds: float = 20) -> list[int | BaseException]:
    """Ask for all of them at once, and return the answers."""

    async def ask() -> list[int | BaseException]:
        write = Write(store=database.write, most_rows=3, patience_seconds=seconds)
        gathering = Gathering("test", write)
        asked = [asyncio.ensure_future(gathering.ask(number)) for number in numbers]
        await asyncio.sleep(0)
        database.may_go_on.set()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        gathering.close()
        with pytest.raises(Overloaded):
            await gathering.ask(1)
        return answers

    return asyncio.run(ask())


def test_each_gets_its_own_answer_and_groups_are_bounded() -> None:
    database = Database()
    assert ask_all(database, *range(10)) == [number * 10 for number in range(10)]
    assert [number for group in database.groups for number in group] == list(range(10))
    assert max(len(group) for group in database.groups) == 3


def test_one_that_cannot_be_stored_is_refused_alone() -> None:
    answers = ask_all(Database(), 1, 2, -3, 4, 5)
    assert [answers[n] for n in (0, 1, 3, 4)] == [10, 20, 40, 50]
    assert isinstance(answers[2], ValueError)


def test_a_database_that_comes_back_is_waited_for_and_one_that_does_not_is_said() -> None:
    assert ask_all(Database(away=2), 1, 2) == [10, 20]
    answers = ask_all(Database(away=1_000), 1, 2, seconds=0.05)
    assert all(isinstance(one, DatabaseAway) for one in answers)


def test_more_than_is_bounded_is_refused_at_once() -> None:
    async def ask() -> None:
        database = Database()
        gathering = Gathering("test", Write(store=database.write, most_rows=3, patience_seconds=1))
        first = asyncio.ensure_future(gathering.ask(1))
        await asyncio.sleep(0.05)
        second = asyncio.ensure_future(gathering.ask(2, size=MOST_WAITING))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await gathering.ask(3)
        database.may_go_on.set()
        assert await asyncio.gather(first, second) == [10, 20]
        gathering.close()

    asyncio.run(ask())
