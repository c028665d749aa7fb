"""What a process that reads hostile files may reach, on Linux: nothing but the one file and the program's libraries.

Limits bound what a decoder uses; this bounds what one that a file has taken over could do with it. All of it works
without privileges, is asked of the kernel at run time, and is left out where the kernel refuses it; what holds on a
machine is tried, never assumed (``archiver.inspection.trial``).

1. ``enclose``, once for a server: no new privileges (``prctl(2)``), and a network namespace of its own in which no
   interface is up (``network_namespaces(7)``); as another user than root through a user namespace, whose capabilities
   are given up at once. Root gives up all but those by which it reads files of others.
2. ``seal``, in each child as soon as its file is open: no file is read but below the directories of libraries, none is
   written, made, moved or removed, no program is run, no TCP port is used, no process outside is signalled (Landlock,
   ``landlock(7)``); no socket, no process, no look into another process (``seccomp(2)``). Threads are allowed: libheif
   decodes in them, which is also why their number cannot be limited to none.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import struct
import sys
from functools import cache
from pathlib import Path
from typing import Final

_NO_NEW_PRIVILEGES: Final = 38
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000

_CAPABILITY_VERSION: Final = 0x20080522
_READ_ANY_FILE: Final = (1 << 1) | (1 << 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
_VERSION_FLAG, _BENEATH = 1, 1
_READ_FILE, _READ_DIRECTORY = 1 << 2, 1 << 3
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 5: 16}
"""Landlock's version → how many rights over files it knows."""
_NETWORK_SINCE, _SCOPE_SINCE = 4, 6

_SYSTEM_LIBRARIES: Final = (
    *("/usr", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache"),
    *("/nix/store", "/gnu/store"),
)

_FILTER: Final = 1
_SPECULATION_AS_BEFORE: Final = 1 << 2
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_LOAD, _EQUAL, _ABOVE, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_A_THREAD: Final = 0x00010000
_FOREIGN_NUMBERS: Final = 0x40000000  # the x32 numbers of x86-64

_MACHINES: Final = {
    "x86_64": (
        0xC000003E,
        {"clone": 56, "seccomp": 317},
        (
            *(41, 42),  # socket, connect
            *(57, 58, 59, 322),  # fork, vfork, execve, execveat
            *(101, 310, 311, 434, 438),  # ptrace, process_vm_readv and _writev, pidfd_open, pidfd_getfd
            *(272, 308, 321, 298, 425),  # unshare, setns, bpf, perf_event_open, io_uring_setup
            *(90, 91, 268, 452, 92, 93, 94, 260, 188, 189, 190),  # chmod, chown, setxattr: Landlock knows them not
        ),
    ),
    "aarch64": (
        0xC00000B7,
        {"clone": 220, "seccomp": 277},
        (  # the same, row by row; of fork, chmod and chown it has the newer forms alone
            *(198, 203),
            *(221, 281),
            *(117, 270, 271, 434, 438),
            *(97, 268, 280, 241, 425),
            *(52, 53, 452, 54, 55, 5, 6, 7),
        ),
    ),
}
"""Architecture's number for audits, and of calls by the kernel's tables ``syscall_64.tbl`` and ``unistd.h``."""
_CLONE3: Final = 435


def enclose() -> None:
    """Take from the calling process, for good, the network and the way to privileges, as far as the kernel does."""
    if sys.platform != "linux":
        return
    libc = _libc()
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if libc.unshare(_NEW_NETWORK) != 0:
        libc.unshare(_NEW_USER | _NEW_NETWORK)
    kept = _READ_ANY_FILE if os.geteuid() == 0 else 0
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    libc.capset(header, struct.pack("=6I", kept, kept, 0, 0, 0, 0))


def seal() -> None:
    """Take from the calling process, for good, every file that is not open, sockets and processes, as above."""
    if sys.platform == "linux":
        _shut_files(_libc())
        _shut_calls(_libc())


def prepare() -> None:
    """Find out now what each child of this process would have to find out first."""
    if sys.platform == "linux":
        _libc()
        landlock_version()
        _libraries()
        _program()


@cache
def landlock_version() -> int:
    """The version of Landlock's interface in this kernel, less than 1 where there is none."""
    if sys.platform != "linux":
        return 0
    return int(_libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_FLAG))


def _shut_files(libc: ctypes.CDLL) -> None:
    version = landlock_version()
    if version < 1:
        return
    rights = (1 << _FILE_RIGHTS[max(known for known in _FILE_RIGHTS if known <= version)]) - 1
    handled = struct.pack("=Q", rights)
    if version >= _NETWORK_SINCE:
        handled += struct.pack("=Q", 0b11)  # to bind to a TCP port, to connect to one
    if version >= _SCOPE_SINCE:
        handled += struct.pack("=Q", 0b11)  # abstract sockets of others, signals to others
    rules = libc.syscall(_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    if rules < 0:
        return
    for path, allowed in _libraries():
        with contextlib.suppress(OSError):
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            libc.syscall(_ADD_RULE, rules, _BENEATH, struct.pack("=Qi", allowed, place), 0)
            os.close(place)
    libc.syscall(_RESTRICT_SELF, rules, 0)
    os.close(rules)


def _shut_calls(libc: ctypes.CDLL) -> None:
    program = _program()
    if program is None:
        return
    numbers, code = program
    instructions = ctypes.create_string_buffer(code, len(code))
    program_header = struct.pack("@HP", len(code) // 8, ctypes.addressof(instructions))
    libc.syscall(numbers["seccomp"], _FILTER, _SPECULATION_AS_BEFORE, program_header)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


@cache
def _libraries() -> tuple[tuple[str, int], ...]:
    """The places that a child may have to load a decoder from, with the rights to them.

    Other directories of ``sys.path`` are not among them: the first is the one that a command was called in.
    """
    program = Path(__file__).resolve().parents[1]
    places = (
        *_SYSTEM_LIBRARIES,
        *(sys.prefix, sys.base_prefix, os.fspath(program), sys.pycache_prefix or sys.prefix),
        *(entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))),
        *(entry for entry in os.environ.get("LD_LIBRARY_PATH", "").split(":") if entry),
    )
    return tuple(
        (place, _READ_FILE | _READ_DIRECTORY if os.path.isdir(place) else _READ_FILE)  # noqa: PTH112 - plain text
        for place in dict.fromkeys(places)
        if os.path.exists(place)  # noqa: PTH110 - plain text
    )


@cache
def _program() -> tuple[dict[str, int], bytes] | None:
    """The filter of system calls, where this machine's numbers are known: instructions of ``seccomp(2)``."""
    machine = _MACHINES.get(platform.machine())
    if machine is None or sys.byteorder != "little" or sys.maxsize < 2**32:
        return None
    architecture, numbers, denied = machine
    refuse, unknown = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    code = [
        (_LOAD, 0, 0, 4),  # the architecture
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, refuse),
        (_LOAD, 0, 0, 0),  # the call
        (_ABOVE, 0, 1, _FOREIGN_NUMBERS),
        (_RETURN, 0, 0, refuse),
        (_EQUAL, 0, 1, _CLONE3),
        (_RETURN, 0, 0, unknown),  # its flags lie in memory; glibc then takes clone
    ]
    for number in denied:
        code += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, refuse)]
    code += [
        (_EQUAL, 1, 0, numbers["clone"]),
        (_RETURN, 0, 0, _ALLOW),
        (_LOAD, 0, 0, 16),  # its flags
        (_BITS, 1, 0, _A_THREAD),
        (_RETURN, 0, 0, refuse),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return numbers, b"".join(struct.pack("=HBBI", *instruction) for instruction in code)
