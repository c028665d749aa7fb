"""A dry run: everything that an upload of a manifest would check, without writing a byte anywhere.

Files are read to their end and hashed, and their first bytes tell the type; whether a picture decodes is the business
of an inspection, and no reason to refuse it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from archiver.acceptance import refuse_unless_damaged
from archiver.errors import InputRefused
from archiver.inspection.sniff import HEAD, sniff
from archiver.manifest.checks import Checks, in_column
from archiver.manifest.manifest import Refused
from archiver.provenance import settle_agents
from archiver.receipt import Receipt, failure_of, with_care
from archiver.settings import LARGEST_FILE
from archiver.spool import opened
from storage.digest import CHUNK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.manifest.manifest import Manifest
    from archiver.manifest.row import Row
    from archiver.provenance import Provenance

WOULD_ARCHIVE, WOULD_ADD, WOULD_RECORD = "would-archive", "would-add", "would-record"
_DIGITS = 16
"""Of a digest, enough to tell files of one manifest apart."""


def rehearse(
    archive: Archive | None, manifest: Manifest, defaults: Provenance, *, moment: str, any_type: bool = False
) -> Iterator[Receipt]:
    """Say of each row what would become of it.

    Args:
        archive: where the rows would go; none where it is not made yet.
        manifest: the rows.
        defaults: what is said of every one of them.
        moment: now.
        any_type: as in the upload itself.

    Raises:
        UsageError: what is said of all rows is malformed, or this machine has no key.
        RebuildNeeded: the archive cannot be written.
    """
    defaults.check(moment)
    agent = defaults.agent()
    if archive is not None:
        archive.ready_to_write()
        with archive.asking() as questions:
            settle_agents([agent] if agent else [], questions)
    checks = Checks(archive, manifest.targets)
    above: set[str] = set()
    for row in manifest.rows(defaults):
        if isinstance(row, Refused):
            yield failure_of(row.label, row.error, row=row.number)
            continue
        try:
            receipt = _receipt(archive, row, checks.check(row).item, above, any_type=any_type)
            if archive is not None and receipt.status == WOULD_ADD:
                with archive.asking() as questions:
                    (receipt,) = with_care([receipt], questions)
            yield receipt
        except InputRefused as error:
            yield failure_of(row.label, error, row=row.number)


def _receipt(archive: Archive | None, row: Row, item: str | None, above: set[str], *, any_type: bool) -> Receipt:
    limit = LARGEST_FILE if archive is None else archive.settings.limits.largest_file
    context = None if row.context is None else _digest("context", row.context, limit, any_type=True)
    if row.path is None:
        status = WOULD_RECORD if item is None else WOULD_ADD
        return Receipt(row.label, status, item, row=row.number, sighting_added=row.sighted, context=context)
    found = _digest("path", row.path, limit, any_type=any_type)
    held = found[:_DIGITS] in above
    if not held and archive is not None:
        with archive.asking() as questions:
            held = found in questions.holds([found])
    above.add(found[:_DIGITS])
    status = WOULD_ADD if held else WOULD_ARCHIVE
    return Receipt(row.label, status, found, row=row.number, sighting_added=row.sighted, context=context)


def _digest(column: str, path: Path, largest_file: int, *, any_type: bool) -> str:
    try:
        return _read(path, largest_file, any_type=any_type)
    except InputRefused as error:
        raise in_column(column, error) from error


def _read(path: Path, largest_file: int, *, any_type: bool) -> str:
    hasher, head = sha256(), b""
    with opened(path, largest_file=largest_file) as stream:
        try:
            while block := stream.read(CHUNK):
                head = head or block[:HEAD]
                hasher.update(block)
        except OSError as error:
            raise InputRefused(
                f"cannot be read: {error.strerror}", hint="check its permissions and its disk"
            ) from error
    if not any_type and not head:
        raise InputRefused("is empty", hint="take it in all the same with --any-type")
    if not any_type and sniff(head) is None:
        refuse_unless_damaged(path.name, path)
    return hasher.hexdigest()
