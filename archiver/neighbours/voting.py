"""From single points that resemble each other to items that may show the same picture.

1. Of several points of one item that a query's point resembles, the nearest counts: a texture repeated within a picture
   votes once.
2. A vote weighs less the more items the point resembles (a stroke of text, a corner of a window), and the farther its
   code is: the two weights of Jegou, Douze and Schmid, "Hamming embedding and weak geometric consistency for large scale
   image search", ECCV 2008.
3. Where a picture was turned and scaled as a whole, all its true votes agree about the turn and the scale. An item counts
   the votes of its best turn and of its best scale, whichever is less (the same paper's weak geometric consistency).

Weights are whole numbers, so that the order of summing does not matter, and equal items are ordered by their rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.neighbours.segment import Hits
