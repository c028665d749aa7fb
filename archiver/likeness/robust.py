"""The middle of some numbers, which a few wild ones do not move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def median(values: NDArray[np.floating] | NDArray[np.integer]) -> float:
    """What ``np.median`` gives, without the masked arrays that it loads for it (a tenth of what numpy itself costs).

    Raises:
        ValueError: there are no values.
    """
    flat = values.ravel()
    middle = len(flat) // 2
    if len(flat) % 2:
        return float(np.partition(flat, middle)[middle])
    low, high = np.partition(flat, (middle - 1, middle))[middle - 1 : middle + 1]
    return (float(low) + float(high)) / 2
