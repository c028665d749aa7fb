"""Whose picture a report hides: what care is owed to, and what may show the same.

The law is that of contact sheets (``archiver.sheets``): two pictures that may be the same are hidden together, also
where a program only suggested that they are, and the flag was set on one of them alone. It is asked of what is known
before anything is withheld, for a record that was cut no longer says what its neighbours are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.facts.vocabulary import RelationState, RelationType

if TYPE_CHECKING:
    from archiver.known import Known


def is_veiled(known: Known) -> bool:
    """Whether care is owed to an item, or to one that it is, or may be, the same picture as or made from."""
    related = {
        tied.item
        for tied in known.dossier.relations
        if tied.state != RelationState.REJECTED and tied.type != RelationType.NOT_RELATED
    }
    near = related.union(known.copies)
    return known.dossier.owed.guarded or any(owed.guarded for item, owed in known.named.items() if item in near)
