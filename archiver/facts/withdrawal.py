"""An item that was withdrawn: erased where law demands it, with a tombstone that says so.

Which kinds of facts are withheld with it and which stay is one table, here. The law: what shows or describes the
picture or a person goes; what says how the archive kept, lost, gave away or erased the bytes stays.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import Field

from archiver.facts.fact import LARGEST_WHOLE, ItemFact
from archiver.facts.values import Name, Sha256Hex, Text

WITHHELD: Final = frozenset(
    {"acquisition", "inspection", "fingerprint", "sighting", "reachability", "claim", "claim-link", "assessment"}
    | {"relation", "sensitivity", "sharing", "case-item", "tag"}
)
"""Kinds whose facts about a withdrawn item are withheld."""

EventNumber = Annotated[int, Field(ge=0, le=LARGEST_WHOLE)]


class Withdrawal(ItemFact):
    """An item was withdrawn (PREMIS 3.0 ``deletion``): recorded before anything is erased.

    Attributes:
        item: what is withdrawn; its bytes are erased in every store.
        authority: by whose order.
        reason: why.
        by: who carries it out.
        withheld: the numbers of the events whose bodies are withheld: nobody has to infer which.
        cases: the cases that it belonged to, by identity.
    """

    kind_of_fact: ClassVar[str] = "withdrawal"

    item: Sha256Hex
    authority: Text
    reason: Text
    by: Name
    withheld: tuple[EventNumber, ...]
    cases: tuple[Sha256Hex, ...] = ()
