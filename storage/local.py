"""A store in a directory.

How a put becomes an object:

1. The bytes are written to a file of their own under ``.incoming/`` (no name begins with a dot, so it is never listed),
   and hashed as they are written. A private spool file on the same file system is linked in there instead.
2. The declaration is checked, the file made read-only and brought to the disk.
3. It is linked to its name. The link fails where the name exists: that is what makes a name write-once, for every
   program. File systems without hard links (FAT, exFAT) answer otherwise; there the file is renamed under a lock that
   every process using this package takes, so the name is write-once among them, and a crash lets the lock go.
4. The directory is brought to the disk, and only then is the put acknowledged.

Killed anywhere, it leaves at most a file under ``.incoming/``, which harms nothing.

Nothing here keeps whoever may write to the directory from deleting: there is no retention and no legal hold to be had,
and who asks for one is told so before anything is stored.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from storage.digest import Digest
from storage.durability import flush
from storage.errors import LockMissing, NameTaken, ObjectMissing, TooLarge
from storage.layout import check_name
from storage.local_incoming import copy_in, link_in, linked, publish, temporary
from storage.local_tree import Tree, open_regular
from storage.os_errors import own_errors
from storage.protection import Protection, Version
from storage.source import Source
from storage.store import Check, Head, Put, Stored
from storage.verified import verified_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import BinaryIO

    from storage.guarantees import Guarantees

_INCOMING = (".incoming",)


class LocalStore:
    """The promises of ``storage.store.Store`` kept in a directory.

    Args:
        root: the directory; it need not exist before ``create``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._tree = Tree(root)

    @property
    def url(self) -> str:
        """``file:`` and the path."""
        return f"file:{self.root}"

    def create(self) -> None:
        """Make the directory (0700) and those above it; see ``Store.create``."""
        with own_errors(str(self.root)):
            self.root.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                self.root.mkdir(mode=0o700)
            above = os.open(self.root.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                flush(above)
            finally:
                os.close(above)
            with self._tree.directory(_INCOMING, create=True):
                pass

    def put(
        self, name: str, source: BinaryIO, *, digest: Digest, size: int, protection: Protection | None = None
    ) -> Stored:
        """Copy, hash, link; see the module and ``Store.put``."""
        self._refuse(protection)
        body = Source(source, digest=digest, size=size)
        return self._put(check_name(name), body, lambda incoming, entry: copy_in(body, incoming, entry))

    def put_file(
        self, name: str, path: Path, *, digest: Digest, size: int, protection: Protection | None = None
    ) -> Stored:
        """Link in where that is possible, else copy; see ``Store.put_file``."""
        self._refuse(protection)
        with own_errors(str(path)):
            stream = path.open("rb")
        with stream:
            body = Source(stream, digest=digest, size=size)

            def stage(incoming: int, entry: str) -> None:
                if not link_in(path, body, incoming, entry):
                    copy_in(body, incoming, entry)

            return self._put(check_name(name), body, stage)

    def _put(self, name: str, body: Source, stage: Callable[[int, str], None]) -> Stored:
        with own_errors(f"{name} in {self.root}"):
            body.check_size()
            if self._exists(name):
                body.check_bytes()
                return self._already_there(name, body.digest)
            with self._tree.directory(_INCOMING, create=True) as incoming, temporary(incoming) as entry:
                stage(incoming, entry)  # steps 1 and 2
                with self.within(name, create=True) as (directory, last):
                    try:
                        publish(incoming, entry, directory, last)  # step 3
                    except FileExistsError:
                        return self._already_there(name, body.digest)
                    flush(directory)  # step 4
        return Stored(Put.CREATED, Check.HASHED_WHILE_WRITTEN)

    def _already_there(self, name: str, digest: Digest) -> Stored:
        with self._open(name) as stream:
            found, _ = Digest.of_stream(stream)
        if found != digest:
            raise NameTaken(name, digest, found)
        with self.within(name, create=True) as (directory, _):
            flush(directory)  # whoever linked it may not have come to step 4 yet
        return Stored(Put.ALREADY_THERE, Check.READ_BACK)

    @contextmanager
    def open(self, name: str, *, digest: Digest) -> Iterator[BinaryIO]:
        """See ``Store.open``."""
        with self._open(name) as stream:

            def read(size: int) -> bytes:
                with own_errors(f"{name} in {self.root}"):
                    return stream.read(size)

            yield verified_reader(read, name, digest)

    def read(self, name: str, *, limit: int) -> bytes:
        """See ``Store.read``."""
        with self._open(name) as stream, own_errors(f"{name} in {self.root}"):
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise TooLarge(f"{name} has more than {limit} bytes")
        return data

    def measure(self, name: str) -> tuple[Digest, int]:
        """See ``Store.measure``."""
        with self._open(name) as stream, own_errors(f"{name} in {self.root}"):
            return Digest.of_stream(stream)

    def replace(
        self,
        name: str,
        source: BinaryIO,
        *,
        digest: Digest,
        size: int,
        found: Digest,
        aside: str,
        protection: Protection | None = None,
    ) -> Stored:
        """See ``storage.local_replace`` and ``Store.replace``."""
        from storage.local_replace import replace  # noqa: PLC0415 - only a repair needs it

        self._refuse(protection)
        body = Source(source, digest=digest, size=size)
        return replace(self, check_name(name), body, found=found, aside=check_name(aside))

    def firmest(self, name: str) -> Protection:
        """See ``SingleStore.firmest``: a directory protects nothing."""
        check_name(name)
        return Protection()

    def erase(self, name: str) -> bool:
        """See ``storage.local_erase`` and ``SingleStore.erase``."""
        from storage.local_erase import erase  # noqa: PLC0415 - only a withdrawal needs it

        return erase(self, check_name(name))

    def supplant(self, name: str, source: BinaryIO, *, digest: Digest, size: int, found: Digest) -> Stored:
        """See ``storage.local_erase`` and ``SingleStore.supplant``."""
        from storage.local_erase import supplant  # noqa: PLC0415 - only a withdrawal needs it

        return supplant(self, check_name(name), Source(source, digest=digest, size=size), found=found)

    def head(self, name: str) -> Head:
        """See ``Store.head``; a directory keeps no digests."""
        with self._open(name) as stream:
            return Head(os.fstat(stream.fileno()).st_size, None)

    def names(self, prefix: str = "") -> Iterator[str]:
        """See ``Store.names``."""
        with own_errors(str(self.root)):
            yield from self._tree.names(prefix)

    def object_lock(self) -> str:
        """See ``Store.object_lock``."""
        return "none"

    def protection(self, name: str) -> Protection:
        """See ``Store.protection``."""
        self.head(name)
        return Protection()

    def protect(self, name: str, protection: Protection) -> Protection:
        """See ``Store.protect``."""
        found = self.protection(name)
        self._refuse(protection)
        return found

    def release_hold(self, name: str) -> Protection:
        """See ``Store.release_hold``."""
        self.head(name)
        raise self._cannot("lift a legal hold")

    def versions(self, name: str) -> list[Version]:
        """See ``Store.versions``: one at the most."""
        try:
            with self._open(name) as stream:
                found = os.fstat(stream.fileno())
        except ObjectMissing:
            return []
        stored = datetime.fromtimestamp(found.st_mtime, UTC)
        return [Version("", found.st_size, stored, is_latest=True, is_delete_marker=False)]

    def open_version(self, name: str, version: Version, *, digest: Digest) -> AbstractContextManager[BinaryIO]:
        """See ``Store.open_version``."""
        if version.identity:
            raise ObjectMissing(name)
        return self.open(name, digest=digest)

    def _refuse(self, protection: Protection | None) -> None:
        if protection is not None and not Protection().covers(protection):
            raise self._cannot(f"keep an object under {protection}")

    def _cannot(self, what: str) -> LockMissing:
        return LockMissing(
            f"{self.url} is a directory and cannot {what}",
            hint="Use a bucket with Object Lock, or ask for no retention.",
        )

    def probe(self) -> Guarantees:
        """See ``Store.probe``."""
        from storage.local_probe import probe  # noqa: PLC0415 - only an archive's first and its audits need it

        return probe(self)

    def has_links(self) -> bool:
        """Whether the file system has hard links, found by making one that is gone again at once."""
        with (
            own_errors(str(self.root)),
            self._tree.directory(_INCOMING, create=True) as incoming,
            temporary(incoming) as first,
            temporary(incoming) as second,
        ):
            os.close(os.open(first, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=incoming))
            return linked(first, second, incoming, incoming)

    def _exists(self, name: str) -> bool:
        try:
            with self.within(name) as (directory, last):
                os.stat(last, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    @contextmanager
    def incoming(self) -> Iterator[int]:
        """The open directory in which files are made ready."""
        with self._tree.directory(_INCOMING, create=True) as directory:
            yield directory

    @contextmanager
    def within(self, name: str, *, create: bool = False) -> Iterator[tuple[int, str]]:
        """The open directory that holds, or shall hold, the object, and the entry in it."""
        *above, last = name.split("/")
        with self._tree.directory(tuple(above), create=create) as directory:
            yield directory, last

    def _open(self, name: str) -> BinaryIO:
        with own_errors(f"{check_name(name)} in {self.root}"):
            try:
                with self.within(name) as (directory, last):
                    return os.fdopen(open_regular(directory, last), "rb")
            except FileNotFoundError as error:
                raise ObjectMissing(name) from error
