"""What customers did with products, as aligned columns that a model learns from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Interactions:
    """Events of a known customer with a known product, in the order they happened.

    The columns are NumPy arrays of one length that cannot be written; those of one moment stand in
    the order in which they were stored.

    Attributes:
        customer_ids: Who, int64.
        product_ids: With which product, int64.
        at: When, in UTC milliseconds since 1970, int64.
        kinds: What, as an index into `types`, uint8.
        quantities: How many pieces, int32.
        types: The names of the types of event, sorted: those that were asked for; those that
            occur when all were.
    """

    customer_ids: NDArray[np.int64]
    product_ids: NDArray[np.int64]
    at: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    quantities: NDArray[np.int32]
    types: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ratings:
    """Reviews by known customers, in the order they were written.

    The columns are NumPy arrays of one length that cannot be written.

    Attributes:
        customer_ids: Who, int64.
        product_ids: Of which product, int64.
        at: When, in UTC milliseconds since 1970, int64.
        stars: How many stars, 1 to 5, float32.
    """

    customer_ids: NDArray[np.int64]
    product_ids: NDArray[np.int64]
    at: NDArray[np.int64]
    stars: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.at)


def make_interactions(
    customer_ids: Any, product_ids: Any, at: Any, kinds: Any, quantities: Any, types: Any
) -> Interactions:
    """Make interactions of columns that are in order; their arrays cannot be written from now on.

    Args:
        customer_ids: Who.
        product_ids: With which product.
        at: When, in UTC milliseconds.
        kinds: What, as an index into `types`.
        quantities: How many pieces.
        types: Names of types of event, 256 at most.
    """
    return Interactions(
        customer_ids=_close(customer_ids, "int64"),
        product_ids=_close(product_ids, "int64"),
        at=_close(at, "int64"),
        kinds=_close(kinds, "uint8"),
        quantities=_close(quantities, "int32"),
        types=tuple(types),
    )


def make_ratings(customer_ids: Any, product_ids: Any, at: Any, stars: Any) -> Ratings:
    """Make ratings of columns that are in order; their arrays cannot be written from now on."""
    return Ratings(
        customer_ids=_close(customer_ids, "int64"),
        product_ids=_close(product_ids, "int64"),
        at=_close(at, "int64"),
        stars=_close(stars, "float32"),
    )


def _close(column: Any, kind: str) -> NDArray[Any]:
    import numpy as np

    array = np.asarray(column, dtype=kind).view()
    array.flags.writeable = False
    return array
