from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from ballyhoo.core.store.consent import decide_standing, is_suppressed
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.rows import (
    ConsentRow,
    Counts,
    CustomerRow,
    EventRow,
    SuppressionRow,
)
from ballyhoo.core.store.secrets import AddressHasher
from ballyhoo.core.store.tables import addresses, consents, customers, standings, suppressions
from ballyhoo.core.store.writers import open_writer

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)


def write(store: Store, kind: str, *rows: Any) -> Counts:
    with open_writer(store, kind, now=NOW) as writer:
        return writer.write(rows)


def say(store: Store, key: str, is_given: bool, at: int | None, email: str = "a@x.org") -> Counts:
    consent = ConsentRow("email", is_given, at, "a form")
    return write(store, "customers", CustomerRow(key, email, consents=(consent,)))


def is_open(store: Store, email: str = "a@x.org", channel: str = "email") -> bool | None:
    query = (
        select(standings.c.is_given)
        .join(addresses, addresses.c.id == standings.c.address_id)
        .where(addresses.c.address == email, standings.c.channel == channel)
    )
    with store.read() as connection:
        return connection.execute(query).scalar()


def test_yes_opens_the_channel_with_when_and_where_it_was_given(store: Store) -> None:
    say(store, "1", True, 1000)
    assert is_open(store) is True
    with store.read() as connection:
        row = connection.execute(select(consents)).one()
    assert (row.at, row.place, row.source, row.is_given) == (1000, "a form", "import", True)


def test_import_never_overrides_a_later_unsubscribe_and_counts_it(store: Store) -> None:
    say(store, "1", True, 1000)
    write(store, "events", EventRow("u", "unsubscribe", 2000, "1"))
    assert is_open(store) is False
    assert say(store, "1", True, 1500).kept_unsubscribed == 1
    assert say(store, "1", True, None).kept_unsubscribed == 1
    assert is_open(store) is False


def test_yes_after_an_unsubscribe_opens_the_channel_again(store: Store) -> None:
    write(store, "customers", CustomerRow("1", "a@x.org"))
    write(store, "events", EventRow("u", "unsubscribe", 2000, "1"))
    counts = say(store, "1", True, 3000)
    assert (counts.updated, counts.kept_unsubscribed) == (1, 0)
    assert is_open(store) is True


def test_complaint_suppresses_the_address_whatever_is_said_later(store: Store) -> None:
    say(store, "1", True, 1000)
    write(store, "events", EventRow("c", "complaint", 2000, "1"))
    assert say(store, "1", True, 3000).kept_unsubscribed == 1
    with store.read() as connection:
        assert connection.execute(select(suppressions.c.reason)).scalars().all() == ["complaint"]


def test_no_of_one_customer_closes_the_address_that_another_one_shares(store: Store) -> None:
    say(store, "1", False, 1000)
    assert say(store, "2", True, 2000).kept_unsubscribed == 1
    assert is_open(store) is False
    with store.read() as connection:
        linked = connection.execute(select(customers.c.email_id)).scalars().all()
    assert len(linked) == 2
    assert len(set(linked)) == 1
    say(store, "1", True, 3000)
    assert is_open(store) is True


def test_no_without_a_date_counts_from_now_on_and_only_once(store: Store) -> None:
    say(store, "1", True, 1000)
    assert say(store, "1", False, None).updated == 1
    assert say(store, "1", False, None).unchanged == 1
    assert is_open(store) is False
    assert say(store, "1", True, NOW_MS - 1).kept_unsubscribed == 1


def test_same_file_again_changes_no_history(store: Store) -> None:
    for is_given, at in ((True, 1000), (False, 2000), (True, None)):
        say(store, "1", is_given, at)
        assert say(store, "1", is_given, at).unchanged == 1


def test_other_channels_hang_on_the_phone(store: Store) -> None:
    said = (ConsentRow("sms", True, 5), ConsentRow("email", False, 5))
    write(store, "customers", CustomerRow("1", "a@x.org", "+4930123456", consents=said))
    assert is_open(store, "+4930123456", "sms") is True
    assert is_open(store) is False


def test_consent_without_its_address_is_ignored(store: Store) -> None:
    said = (ConsentRow("sms", True, 5),)
    assert write(store, "customers", CustomerRow("1", "a@x.org", consents=said)).new == 1
    with store.read() as connection:
        assert connection.execute(select(consents)).all() == []


def test_suppressed_address_stays_closed_to_an_import(store: Store) -> None:
    assert write(store, "suppressions", SuppressionRow("email", "a@x.org")).new == 1
    assert write(store, "suppressions", SuppressionRow("email", "a@x.org")).unchanged == 1
    assert say(store, "1", True, 1000).kept_unsubscribed == 1
    assert say(store, "2", True, 1000, "b@x.org").kept_unsubscribed == 0


def test_suppressions_keep_no_address(store: Store) -> None:
    write(store, "suppressions", SuppressionRow("email", "somebody@x.org"))
    with store.read() as connection:
        assert "somebody" not in str(connection.execute(select(suppressions)).all())
        assert connection.execute(select(addresses)).all() == []


histories = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 6), st.booleans()), min_size=1, max_size=12
)


def decide_slowly(history: list[tuple[int, int, bool]]) -> bool:
    """Replay the history moment by moment, the yeses of a moment before its noes."""
    voices: dict[int, bool] = {}
    speakers = {customer for customer, _, _ in history if customer}
    for customer, _, is_given in sorted(history, key=lambda said: (said[1], not said[2])):
        if customer == 0 and speakers:
            for speaker in speakers:
                voices[speaker] = is_given
        else:
            voices[customer] = is_given
    return all(voices.values())


@given(history=histories)
def test_standing_equals_a_replay_of_the_history(history: list[tuple[int, int, bool]]) -> None:
    assert decide_standing(history)[0] == decide_slowly(history)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    spoken=st.lists(
        st.tuples(st.sampled_from("123"), st.integers(1, 6), st.booleans(), st.booleans()),
        min_size=1,
        max_size=10,
    )
)
def test_stored_standing_equals_a_replay_however_it_was_told(
    store: Store, spoken: list[tuple[str, int, bool, bool]]
) -> None:
    with store.begin() as connection:
        for table in (standings, consents, customers, addresses):
            connection.execute(delete(table))
    with store.begin() as connection:
        connection.exec_driver_sql("DELETE FROM events")
    history = []
    for number, (key, at, is_given, by_link) in enumerate(spoken):
        if by_link:
            write(store, "customers", CustomerRow(key, "a@x.org"))
            write(store, "events", EventRow(f"{number}", "unsubscribe", at, key))
            history.append((0, at, False))
        else:
            say(store, key, is_given, at)
            history.append((int(key), at, is_given))
        assert is_open(store) is decide_slowly(history)


@pytest.mark.parametrize("given_at", [1000, None])
def test_change_of_address_takes_no_consent_along(store: Store, given_at: int | None) -> None:
    say(store, "1", True, given_at)
    write(store, "customers", CustomerRow("1", "new@x.org"))
    assert is_open(store, "new@x.org") is None
    assert is_open(store) is True


def test_a_suppressed_address_is_known_on_its_channel_alone(store: Store) -> None:
    write(store, "suppressions", SuppressionRow("email", "gone@x.org"))
    with store.read() as connection:
        assert is_suppressed(connection, store.hasher, "email", "gone@x.org")
        assert not is_suppressed(connection, store.hasher, "sms", "gone@x.org")
        assert not is_suppressed(connection, store.hasher, "email", "here@x.org")


def test_what_an_old_key_suppressed_is_suppressed(store: Store) -> None:
    write(store, "suppressions", SuppressionRow("email", "gone@x.org"))
    renewed = AddressHasher("a new key", old_keys=(store.hasher.key,))
    with store.read() as connection:
        assert is_suppressed(connection, renewed, "email", "gone@x.org")
        assert not is_suppressed(connection, AddressHasher("another"), "email", "gone@x.org")
