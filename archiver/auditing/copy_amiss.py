"""A copy that is not as it should be, and where its right bytes are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.checking.fault import Fault

if TYPE_CHECKING:
    from archiver.facts.vocabulary import CopyFault
    from archiver.replica import Replica
    from storage.digest import Digest


@dataclass(frozen=True, slots=True)
class Amiss:
    """A copy in one store.

    Attributes:
        copy: the store.
        name: the object's name.
        fault: what is amiss.
        expected: the SHA-256 that it should have; none where nobody can tell.
        found: the SHA-256 of what came.
        size: how many bytes came.
        detail: why it could not be read; what was promised, and what is in force.
        item: the item that it is a copy of, by SHA-256; none of anything else.
    """

    copy: Replica
    name: str
    fault: CopyFault
    expected: Digest | None
    found: Digest | None = None
    size: int = 0
    detail: str = ""
    item: str | None = field(default=None)

    def told(self) -> Fault:
        """The same for people."""
        what = "object" if self.expected is not None and self.name.endswith(str(self.expected)) else "copy"
        detail = {
            "missing": f"the store {self.copy.name} does not hold it",
            "corrupt": f"in the store {self.copy.name} its {self.size} bytes have the SHA-256 {self.found}"
            + (f", and should have {self.expected}" if self.expected and what == "copy" else ""),
            "unreadable": f"in the store {self.copy.name} it could not be read: {self.detail}",
            "unprotected": f"the store {self.copy.name} does not keep it as was promised: {self.detail}",
        }[self.fault]
        return Fault(f"{what}-{self.fault}", self.item or self.name, detail)
