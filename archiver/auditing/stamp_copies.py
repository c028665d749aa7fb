"""The time stamps in every store: each verifies by itself, so one good copy says what the others should be.

1. Each stamp is verified in each store that holds all of it (``archiver.stamps``).
2. Where one store's copy verifies, every store should hold the same bytes under the same names: a part that is missing
   or differs is amiss.
3. Where none verifies, the stamp itself is amiss, and nobody can tell which bytes would be right.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.auditing.copy_amiss import Amiss
from archiver.checking.fault import Fault
from archiver.facts.vocabulary import CopyFault
from archiver.stamps import Judge, Judged
from archiver.timestamp.kept import Place, largest, listed, read
from storage.digest import Digest
from storage.errors import ObjectMissing, StoreError
from storage.layout import TIMESTAMPS, stamp_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archiver.archive import Archive
    from archiver.custody.keyring import Keyring
    from archiver.replica import Replica


@dataclass(slots=True)
class StampCopies:
    """What the time stamps in all stores came to.

    Attributes:
        judged: a good copy's judgement where there is one, else one that is not.
        digests: of each part, by name and by store: its digest and size, or what is amiss.
        times: the time that each part's stamp tells, by name; of those that verify.
        amiss: copies that are not as they should be.
        faults: stamps that verify nowhere.
        notes: what is no fault.
    """

    judged: list[Judged] = field(default_factory=list)
    digests: dict[str, dict[str, tuple[Digest, int] | CopyFault]] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    amiss: list[Amiss] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def audit_stamps(archive: Archive, copies: Sequence[Replica], keys: Keyring) -> StampCopies:
    """Follow the steps above.

    Raises:
        StoreError: a store does not tell what it holds.
    """
    done, judge = StampCopies(), Judge(archive, keys)
    judged: defaultdict[Place, dict[str, Judged]] = defaultdict(dict)
    for copy in copies:  # step 1
        found = listed(copy.store)
        for place in found.whole:
            try:
                judged[place][copy.name] = judge.judge(place, read(copy.store, place))
            except StoreError as error:
                judged[place][copy.name] = Judged(place, fault=str(error), code="stamp-unreadable")
        for place in found.torn:
            torn = Judged(place, fault="a part of this time stamp is missing", code="stamp-torn")
            judged[place][copy.name] = torn
        for name in found.loose:
            detail = f"lies among the time stamps in the store {copy.name} and belongs to none"
            done.notes.append(Fault("loose-end", name, detail))
    names = {name for copy in copies for name in copy.store.names(TIMESTAMPS) if stamp_of(name)}
    for place in sorted(judged):
        parts = sorted(name for name in names if _place(name) == place)
        _compare(done, copies, place, parts, judged[place])
    return done


def _place(name: str) -> Place | None:
    parsed = stamp_of(name)
    return None if parsed is None else Place(*parsed[:3])


def _compare(
    done: StampCopies, copies: Sequence[Replica], place: Place, parts: Sequence[str], judged: dict[str, Judged]
) -> None:
    """Steps 2 and 3."""
    good = next((name for name, each in judged.items() if not each.fault), None)
    told = judged[good] if good else next(iter(judged.values()))
    done.judged.append(told)
    if not good:
        done.faults.append(Fault(told.code, str(place), told.fault))
    elif told.untrusted:
        detail = f"its signature holds, and nobody here vouches for its root: {told.untrusted}"
        done.notes.append(Fault("stamp-untrusted", str(place), detail))
    for name in parts:
        held = {copy.name: _read(copy, name) for copy in copies}
        done.digests[name] = held
        if good and told.token is not None:
            done.times[name] = told.token.time
        right = held[good] if good else None
        if not isinstance(right, tuple):
            continue
        for copy in copies:
            given = held[copy.name]
            if isinstance(given, CopyFault):
                done.amiss.append(Amiss(copy, name, given, right[0], detail="the store did not give it"))
            elif given != right:
                done.amiss.append(Amiss(copy, name, CopyFault.CORRUPT, right[0], *given))


def _read(copy: Replica, name: str) -> tuple[Digest, int] | CopyFault:
    try:
        data = copy.store.read(name, limit=largest(name.rpartition(".")[2]))
    except ObjectMissing:
        return CopyFault.MISSING
    except StoreError:
        return CopyFault.UNREADABLE
    return Digest.of(data), len(data)
