"""Factors that fit rows best, given those of the columns; without a library that learns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

_BLOCK = 256


def solve_factors(
    rows: sparse.csr_array, others: npt.NDArray[np.float64], *, unobserved: float, reg: float
) -> npt.NDArray[np.float64]:
    """Return factors [rows x factors] that fit rows best, given those of the columns.

    Each row minimises the sum of c_i (1 - p q_i)^2 over its entries c, plus w (p q_i)^2 over all
    columns, plus reg |p|^2 (Hu, Koren and Volinsky, ICDM 2008, eq. 4, with c + w as confidence).

    Args:
        rows: Confidence of what is there.
        others: Factors of the columns.
        unobserved: w.
        reg: How strongly factors are drawn to zero.
    """
    factors = others.shape[1]
    common = unobserved * others.T @ others + reg * np.eye(factors)
    solved = np.zeros((rows.shape[0], factors))
    for start in range(0, rows.shape[0], _BLOCK):
        stop = min(start + _BLOCK, rows.shape[0])
        left = np.repeat(common[None], stop - start, axis=0)
        right = np.zeros((stop - start, factors))
        for row in range(start, stop):
            part = slice(rows.indptr[row], rows.indptr[row + 1])
            mine, worth = others[rows.indices[part]], rows.data[part][:, None]
            left[row - start] += mine.T @ (worth * mine)
            right[row - start] = (worth * mine).sum(axis=0) + unobserved * mine.sum(axis=0)
        solved[start:stop] = np.linalg.solve(left, right[..., None])[..., 0]
    return solved
