"""What an audit found, store by store, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.facts.vocabulary import CopyFault

if TYPE_CHECKING:
    from archiver.auditing.copy_amiss import Amiss
    from archiver.checking.fault import Fault
    from archiver.facts.fixity import FixityCheck, Repair

RIGHT, LOSS, STORE = 0, 1, 4


@dataclass(slots=True)
class StoreAudited:
    """One store.

    Attributes:
        name: its short name.
        url: where it is.
        check: the summary; none where the store did not answer to the end.
        number: the number of the summary's event; none where it could not be recorded.
        due: how many originals and lists were to be read.
        resumed: how many of them an earlier run of this audit had read.
        amiss: copies that are not as they should be.
    """

    name: str
    url: str
    check: FixityCheck | None = None
    number: int | None = None
    due: int = 0
    resumed: int = 0
    amiss: list[Amiss] = field(default_factory=list)


@dataclass(slots=True)
class Audited:
    """The whole audit.

    Attributes:
        events: events of the published log.
        root: the tree's root, hexadecimal.
        items: items that the log names.
        stamps: time stamps that were checked.
        stores: store by store.
        faults: what is amiss and is no single copy; and why something could not be read, recorded or repaired.
        silent: why a store could not be asked, or not to the end, by its name.
        notes: what is no fault.
        repairs: what is whole again.
    """

    events: int = 0
    root: str = ""
    items: int = 0
    stamps: int = 0
    stores: list[StoreAudited] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    silent: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)

    @property
    def amiss(self) -> list[Amiss]:
        """Every copy that is not as it should be, and was not repaired."""
        mended = {(each.store, each.name, each.fault) for each in self.repairs}
        return [a for store in self.stores for a in store.amiss if (a.copy.url, a.name, a.fault) not in mended]

    @property
    def intact(self) -> bool:
        """Whether everything that was asked for was read and is right."""
        return self.exit_code == RIGHT

    @property
    def exit_code(self) -> int:
        """1 on any loss; 4 where something could not be read, which is neither a loss nor a success."""
        amiss = self.amiss
        if self.faults or any(each.fault is not CopyFault.UNREADABLE for each in amiss):
            return LOSS
        return STORE if self.silent or amiss else RIGHT
