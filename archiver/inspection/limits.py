"""What one inspection may cost, and how that is enforced: POSIX resource limits, set by the child on itself.

CPU time is limited rather than wall time, because on a busy machine wall time says little about the file; the wall
limit only ends a child that waits for ever. The address space counts what the child adds to what its parent had mapped
when it was forked, so that the same file meets the same limit under ``find`` and under ``upload``.
"""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Limits:
    """What one inspection may use.

    Attributes:
        cpu_seconds: CPU time, whole seconds; the kernel ends the child with SIGXCPU.
        address_space: bytes of memory mapped beyond the parent's; more is a ``MemoryError`` inside the child. The 337
            worst of a corpus of public broken files needed at most 775 MiB. Systems without ``RLIMIT_AS`` (macOS) do
            not enforce it.
        output: bytes of report that the parent reads.
        pixels: width times height that is decoded; told from the header, before any decoding.
        files: descriptors open at once; a decoder that is loaded on the way needs two beside the file and the pipe.
    """

    cpu_seconds: int = 30
    address_space: int = 2 << 30
    output: int = 8 << 20
    pixels: int = 200_000_000
    files: int = 32

    @property
    def wall_seconds(self) -> int:
        """Seconds after which the parent ends the child: ten times the CPU limit."""
        return 10 * self.cpu_seconds


DEFAULT: Final = Limits()


def impose(limits: Limits) -> None:
    """Limit the calling process, for good: CPU, memory, open files, no core file, no byte written to any file.

    The number of processes is not limited here: ``RLIMIT_NPROC`` counts every process of the user, root is exempt from
    it, and libheif decodes in a thread, which counts as one (see ``archiver.inspection.confinement``).
    """
    import resource  # noqa: PLC0415 - POSIX only

    sys.dont_write_bytecode = True  # to compile what a rare format loads would be ended as a write
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # a lower limit set from outside stays in force
        resource.setrlimit(resource.RLIMIT_NOFILE, (limits.files, limits.files))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    space = _mapped() + limits.address_space
    with contextlib.suppress(ValueError, OSError):  # as above; macOS has none
        resource.setrlimit(resource.RLIMIT_AS, (space, space))


def _mapped() -> int:
    """Bytes that this process has mapped, where the system tells it cheaply."""
    try:
        descriptor = os.open("/proc/self/statm", os.O_RDONLY)
        pages = int(os.read(descriptor, 200).split()[0])
        os.close(descriptor)
    except (OSError, ValueError, IndexError):
        return 0
    import resource  # noqa: PLC0415 - POSIX only

    return pages * resource.getpagesize()
