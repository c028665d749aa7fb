"""What the operating system refuses, said as the store's own errors."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage.errors import StoreDenied, StoreError, StoreFull, StoreUnreachable, TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator


class Misplaced(OSError):
    """Something stands where it does not belong; ``strerror`` says what, after the name of what was asked for."""

    def __init__(self, said: str) -> None:
        super().__init__(errno.ELOOP, said)


@contextmanager
def own_errors(what: str) -> Iterator[None]:
    """Turn every OSError into the StoreError that says it; ``what`` names the thing that was touched."""
    try:
        yield
    except OSError as error:
        reason = f"{what}: {error.strerror or error}"
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT:
                raise StoreFull(
                    reason, hint="Make room on the store's file system, then repeat the command."
                ) from error
            case errno.EFBIG:
                raise TooLarge(
                    f"{reason}: the file system, or a limit on this process, takes no file this large"
                ) from error
            case errno.EACCES | errno.EPERM | errno.EROFS:
                raise StoreDenied(
                    reason, hint="Check who owns the store and whether it is mounted read-only."
                ) from error
            case errno.ELOOP | errno.ENOTDIR:
                vague = "is, or lies behind, a symbolic link or a file where a directory belongs"
                raise StoreError(
                    f"{what} {error.strerror if isinstance(error, Misplaced) else vague}",
                    hint="A store holds plain directories and files only; links inside it are not followed.",
                ) from error
            case errno.ESTALE | errno.ETIMEDOUT | errno.EHOSTDOWN | errno.EHOSTUNREACH | errno.ENOTCONN:
                raise StoreUnreachable(
                    reason, hint="Check the network file system, then repeat the command."
                ) from error
            case _:
                raise StoreError(reason, hint="Check the disk and its file system before writing more.") from error
