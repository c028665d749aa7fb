"""What rows point to: the only memory of the rows above, as large as what is pointed to and no larger."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.facts.address import one_spelling

if TYPE_CHECKING:
    from archiver.manifest.entry import Entry

ROW = re.compile(r"row:([0-9]{1,12})")
NUMBER = re.compile(r"(?:sighting:|#)([0-9]{1,12})")


@dataclass
class Targets:
    """Rows by number and addresses in their one spelling, that ``repost_of`` names anywhere in a manifest."""

    rows: set[int] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)

    def want(self, entry: Entry) -> None:
        """Note what this row points to."""
        text = entry.cells.get("repost_of")
        if not isinstance(text, str) or NUMBER.fullmatch(text.strip()):
            return
        row = ROW.fullmatch(text.strip())
        if row:
            self.rows.add(int(row[1]))
        else:
            self.addresses.add(one_spelling(text))

    def named(self, number: int, *addresses: str | None) -> tuple[bool, list[str]]:
        """Whether something points to the row of this number, and to which of its addresses."""
        spelled = dict.fromkeys(one_spelling(address) for address in addresses if address)
        return number in self.rows, [each for each in spelled if each in self.addresses]
