"""Columns as a Surprise trainset, without one Python object per event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt
from scipy import sparse
from surprise import Trainset

_PIECE = 1 << 16
"""How many rows become Python tuples at a time."""


class ColumnRatings(Mapping[Any, list[tuple[int, float]]]):
    """The ratings of each user (or item), made into tuples when they are asked for.

    Args:
        keys: Whose rating each row is.
        others: Of what, or by whom.
        ratings: How much.
        size: How many keys there may be.
    """

    def __init__(
        self,
        keys: npt.NDArray[np.int32],
        others: npt.NDArray[np.int32],
        ratings: npt.NDArray[np.float64],
        size: int,
    ) -> None:
        order = np.argsort(keys, kind="stable")
        self._others, self._ratings = others[order], ratings[order]
        self._starts = np.concatenate(([0], np.cumsum(np.bincount(keys, minlength=size))))

    def __getitem__(self, key: Any) -> list[tuple[int, float]]:
        """Return her ratings in the order of the rows; none for a key without any."""
        if not self._is_key(key):
            return []
        part = slice(self._starts[key], self._starts[key + 1])
        return list(zip(self._others[part].tolist(), self._ratings[part].tolist(), strict=True))

    def __contains__(self, key: object) -> bool:
        if not self._is_key(key):
            return False
        start, stop = self._starts[int(key)], self._starts[int(key) + 1]
        return bool(start < stop)

    def __iter__(self) -> Iterator[int]:
        yield from np.flatnonzero(np.diff(self._starts)).tolist()

    def __len__(self) -> int:
        return int(np.count_nonzero(np.diff(self._starts)))

    def _is_key(self, key: object) -> TypeGuard[int]:
        return isinstance(key, int | np.integer) and 0 <= int(key) < len(self._starts) - 1


class ColumnTrainset(Trainset):  # type: ignore[misc]
    """A trainset over columns: what Surprise asks for, made when it asks.

    Args:
        users: The inner index of each row's user.
        items: The inner index of each row's item.
        ratings: The rating of each row.
        raw_users: The raw id of each inner user.
        raw_items: The raw id of each inner item.
        rating_scale: The lowest and the highest rating.
    """

    def __init__(
        self,
        users: npt.NDArray[np.int32],
        items: npt.NDArray[np.int32],
        ratings: npt.NDArray[Any],
        *,
        raw_users: npt.NDArray[Any],
        raw_items: npt.NDArray[Any],
        rating_scale: tuple[float, float] = (0.0, 1.0),
    ) -> None:
        order = np.argsort(users, kind="stable")
        self.users = np.asarray(users, np.int32)[order]
        self.items = np.asarray(items, np.int32)[order]
        self.ratings = np.asarray(ratings, np.float64)[order]
        self._lazy: dict[str, Any] = {}
        self._raw_users, self._raw_items = raw_users, raw_items
        self.n_users, self.n_items = len(raw_users), len(raw_items)
        self.n_ratings = len(self.ratings)
        self.rating_scale = rating_scale
        self._global_mean = None
        self._inner2raw_id_users = self._inner2raw_id_items = None

    def take(self, rows: npt.NDArray[np.bool_]) -> ColumnTrainset:
        """Return some rows, over the same users and items."""
        return ColumnTrainset(
            self.users[rows],
            self.items[rows],
            self.ratings[rows],
            raw_users=self._raw_users,
            raw_items=self._raw_items,
            rating_scale=self.rating_scale,
        )

    @property
    def ur(self) -> ColumnRatings:
        """What each user rated."""
        if "ur" not in self._lazy:
            self._lazy["ur"] = ColumnRatings(self.users, self.items, self.ratings, self.n_users)
        made: ColumnRatings = self._lazy["ur"]
        return made

    @property
    def ir(self) -> ColumnRatings:
        """Who rated each item."""
        if "ir" not in self._lazy:
            self._lazy["ir"] = ColumnRatings(self.items, self.users, self.ratings, self.n_items)
        made: ColumnRatings = self._lazy["ir"]
        return made

    @property
    def _raw2inner_id_users(self) -> dict[Any, int]:
        return self._index("users", self._raw_users)

    @property
    def _raw2inner_id_items(self) -> dict[Any, int]:
        return self._index("items", self._raw_items)

    def _index(self, name: str, raw: npt.NDArray[Any]) -> dict[Any, int]:
        if name not in self._lazy:
            self._lazy[name] = {one: inner for inner, one in enumerate(raw.tolist())}
        made: dict[Any, int] = self._lazy[name]
        return made

    @property
    def global_mean(self) -> float:
        """The mean of all ratings."""
        return float(np.mean(self.ratings))

    def all_ratings(self) -> Iterator[tuple[int, int, float]]:
        """Give (user, item, rating) of each row, user by user."""
        for start in range(0, self.n_ratings, _PIECE):
            part = slice(start, start + _PIECE)
            yield from zip(
                self.users[part].tolist(),
                self.items[part].tolist(),
                self.ratings[part].tolist(),
                strict=True,
            )


def read_columns(
    trainset: Trainset,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    """Return users, items and ratings of any trainset of Surprise, user by user."""
    if isinstance(trainset, ColumnTrainset):
        return trainset.users, trainset.items, trainset.ratings
    rows = np.array(list(trainset.all_ratings()), np.float64).reshape(-1, 3)
    return rows[:, 0].astype(np.int32), rows[:, 1].astype(np.int32), rows[:, 2]


def make_unary(trainset: Trainset) -> sparse.csr_array:
    """Return [users x items] with 1 for every pair that is there."""
    users, items, _ = read_columns(trainset)
    made = sparse.coo_array(
        (np.ones(len(users), np.float32), (users, items)),
        shape=(trainset.n_users, trainset.n_items),
    ).tocsr()
    made.data[:] = 1
    return made


def make_valued(trainset: Trainset, stars: float) -> sparse.csr_array:
    """Return [users x items] with about 1 for every pair, a little more for what was liked.

    Args:
        trainset: The ratings.
        stars: How much the height of a rating counts: 1 + stars * (rating - mean), and at least
            0.05. Where all ratings are equal, or with 0, every pair is 1.
    """
    users, items, ratings = read_columns(trainset)
    made = make_unary(trainset)
    if stars and len(ratings):
        values = np.maximum(1 + stars * (ratings - ratings.mean()), 0.05)
        made = sparse.coo_array((values, (users, items)), shape=made.shape).tocsr()
    return made.astype(np.float32)
