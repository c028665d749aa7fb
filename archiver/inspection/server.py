"""A warm process that inspects many files: ``python -m archiver.inspection.server``, started by its client only.

1. It was started with an environment of nothing but what Python needs, so that no credential is ever in its memory.
2. It loads the libraries once, freezes them for the collector, forks one serving loop a connection, and each loop
   says that it is ready.
3. It takes the network from itself, and with that from all it forks (``archiver.inspection.confinement``).
4. A loop takes a request, forks a bounded child for it, and passes on how it ended and what it wrote. After the first
   file with content credentials it loads their reader, which the loop itself never hands a file.
5. A loop ends when its connection does; the process ends with its last loop; the kernel ends children with their loop.

With ``--once`` it inspects the one file named on its standard input, in its own bounded process: for systems without
``fork``.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from archiver.inspection import child, confinement, wire
from archiver.inspection.limits import Limits, impose
from archiver.inspection.wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

_PR_SET_PDEATHSIG: Final = 1
_CREDENTIALS: Final = b'"credentials":{'
REHEARSED: Final = Wanted(grey=512)
"""What most children will be asked for."""
_REHEARSALS: Final = 12
"""After eight calls CPython writes a faster form into a function's memory: better here once than in every child."""


def main(arguments: list[str]) -> int:
    """Serve the connections whose descriptors are given, or one file.

    Args:
        arguments: the limits as JSON, then descriptors, or ``--once``, or ``--try`` and ``--try-once`` with what
            ``archiver.inspection.trial.attempts`` is given.
    """
    limits = Limits(**json.loads(arguments[0]))
    if arguments[1:] == ["--once"]:
        return _once(limits)
    if arguments[1].startswith("--try"):
        return _try(limits, arguments[2], int(arguments[3]), once=arguments[1] == "--try-once")
    _warm()
    greeting = b"ready"
    end_with_parent = _end_with_parent()
    confinement.prepare()
    confinement.enclose()
    child.prepare()
    gc.collect()
    gc.freeze()
    loops = []
    descriptors = [int(argument) for argument in arguments[1:]]
    for descriptor in descriptors:
        loop = os.fork()
        if loop == 0:
            end_with_parent()
            for other in descriptors:
                if other != descriptor:
                    os.close(other)
            _serve(socket.socket(fileno=descriptor), limits, greeting, end_with_parent)
            os._exit(0)
        loops.append(loop)
    for descriptor in descriptors:
        os.close(descriptor)
    for loop in loops:
        os.waitpid(loop, 0)
    return 0


def versions() -> str:
    """The program and the libraries that look at files, with their versions."""
    from importlib.metadata import version  # noqa: PLC0415 - asked once, where an inspection is recorded

    from archiver import __version__  # noqa: PLC0415 - as above
    from archiver.inspection.credential_reader import reader  # noqa: PLC0415 - as above
    from archiver.inspection.version import INSPECTOR  # noqa: PLC0415 - as above

    libraries = (
        ("Pillow", "pillow"),
        ("exifread", "exifread"),
        ("imagehash", "imagehash"),
        ("pillow-heif", "pillow-heif"),
    )
    looked = [
        f"archiver {__version__} (inspector {INSPECTOR})",
        *(f"{name} {version(package)}" for name, package in libraries),
        reader(),
    ]
    return ", ".join(filter(None, looked))


def _serve(stream: socket.socket, limits: Limits, greeting: bytes, end_with_parent: Callable[[], None]) -> None:
    """One loop: until the other side hangs up."""
    from archiver.inspection import credential_reader  # noqa: PLC0415 - loaded by _warm already
    from archiver.inspection.examine import stages  # noqa: PLC0415 - as above

    try:
        wire.send(stream, greeting)
        while True:
            request = wire.read_request(wire.receive(stream))
            work = partial(
                stages, request.path, request.wanted, limits.pixels, opened=confinement.seal, trust=request.trust
            )
            outcome = child.run(work, limits, prelude=end_with_parent)
            wire.send_outcome(stream, outcome)
            if _CREDENTIALS in outcome.output:
                credential_reader.prepare()  # once: where one file carries them, the next will, too
    except wire.Hangup:
        return


def _once(limits: Limits) -> int:
    from archiver.inspection.examine import stages  # noqa: PLC0415 - only where a file is inspected

    request = wire.read_request(sys.stdin.buffer.read())
    output = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    if os.name == "posix":
        confinement.enclose()
        impose(limits)
    try:
        work = stages(request.path, request.wanted, limits.pixels, opened=confinement.seal, trust=request.trust)
        child.write_stages(work, output)
    except MemoryError:
        return child.NO_MEMORY
    except OSError as error:
        return child.of_error(error)
    return 0


def _try(limits: Limits, place: str, port: int, *, once: bool) -> int:
    """Which limits hold for a child of this process, or (``once``) for the process itself."""
    from archiver.inspection import trial  # noqa: PLC0415 - only where it is asked for

    confinement.prepare()
    if os.name == "posix":
        confinement.enclose()
    child.prepare()
    if not once:
        os.write(1, trial.try_in_child(limits, place, port).output)
        return 0
    if os.name == "posix":
        impose(limits)
    confinement.seal()
    child.write_stages(trial.attempts(limits, place, port), 1)
    return 0


def _warm() -> None:
    """Load now what every child would load again for itself, by rehearsing its work on a picture drawn here."""
    import io  # noqa: PLC0415 - this whole function is about loading

    from PIL import Image, ImageCms  # noqa: PLC0415 - as above

    from archiver.inspection.decoding import prepare  # noqa: PLC0415 - as above
    from archiver.inspection.examine import stages_of  # noqa: PLC0415 - as above

    for decoder in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"):
        prepare(decoder)
    exif = Image.Exif()
    exif[0x0112] = 1
    drawn, profile = io.BytesIO(), ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.linear_gradient("L").resize((1024, 1024)).convert("RGB").save(drawn, "JPEG", exif=exif, icc_profile=profile)
    nothing = os.open(os.devnull, os.O_WRONLY)
    for _ in range(_REHEARSALS):
        drawn.seek(0)
        child.write_stages(stages_of(drawn, REHEARSED), nothing)
    os.close(nothing)


def _end_with_parent() -> Callable[[], None]:
    """What a forked process calls first, so that the kernel ends it with its parent (Linux; elsewhere nothing)."""
    if sys.platform != "linux":
        return lambda: None
    import ctypes  # noqa: PLC0415 - loaded once, before forking

    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
