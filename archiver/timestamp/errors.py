"""What is refused around a time stamp; part of the tree in ``archiver.errors``.

::

    InputRefused            3
    └── StampRefused        3   an authority that does not answer, or an answer that is no good time stamp
"""

from __future__ import annotations

from archiver.errors import InputRefused


class StampRefused(InputRefused):
    """No answer, or one that is not taken for a time stamp; nothing of it was stored."""


class Revoked(StampRefused):
    """The authority's certificate was revoked, says whoever has to know."""
