"""A folder becomes a bag (RFC 8493), with a list of all its files that the archive's key signs.

1. The package ``bagit`` moves everything under ``data/``, reads every file again and writes the payload manifest.
2. Beside it come the files for whoever checks it, and ``bagit.txt`` as the RFC has it (the package writes the draft's
   version, 0.97).
3. ``files.sha256`` lists every file but the three that come after it, in the form that ``sha256sum -c`` reads. It
   begins with ``#`` and says what it is a list of; neither an envelope nor a checkpoint begins so, although one key
   signs all three.
4. ``files.sha256.sig`` is its detached Ed25519 signature: 64 bytes.
5. ``tagmanifest-sha256.txt`` lists everything beside ``data/``, the signature included, in the order of the names.
"""

from __future__ import annotations

from hashlib import file_digest, sha256
from typing import TYPE_CHECKING, Final

from archiver.errors import ArchiverError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from archiver.custody.keys import SigningKey

FORMAT: Final = "archiver-files-1"
FILES, SIGNATURE, MANIFEST = "files.sha256", "files.sha256.sig", "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
_DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def seal(
    folder: Path,
    *,
    info: Mapping[str, str],
    beside: Mapping[str, bytes],
    about: Sequence[str],
    expected: Mapping[str, str],
    key: SigningKey,
) -> str:
    """Make a bag of what lies in a folder; the SHA-256 of the signed list.

    Args:
        folder: what is in it becomes the payload.
        info: for ``bag-info.txt``.
        beside: files that come beside the payload.
        about: lines that the signed list begins with, without their ``#``.
        expected: digests that files of the payload must have, by their path within it.
        key: signs the list.

    Raises:
        ArchiverError: a file has not the digest that it was written with: the disk did not keep it.
        OSError: the folder cannot be written.
    """
    import bagit  # noqa: PLC0415 - only where something is exported

    bagit.make_bag(str(folder), bag_info=dict(info), checksums=["sha256"])  # step 1
    for name, content in {"bagit.txt": _DECLARATION, **beside}.items():  # step 2
        (folder / name).write_bytes(content)
    payload = _read(folder / MANIFEST)
    for path, digest in expected.items():
        if payload.get(f"data/{path}") != digest:
            raise ArchiverError(f"{path} was written and is read back as something else", hint="check the disk")
    digests = payload | _digests(folder, (f for f in _beside(folder) if f not in {TAG_MANIFEST, FILES, SIGNATURE}))
    head = "".join(f"# {line}\n" for line in (FORMAT, *about))
    listed = head.encode() + _manifest(digests)  # step 3
    (folder / FILES).write_bytes(listed)
    (folder / SIGNATURE).write_bytes(key.sign(listed))  # step 4
    (folder / TAG_MANIFEST).write_bytes(  # step 5
        _manifest(_digests(folder, (f for f in _beside(folder) if f != TAG_MANIFEST)))
    )
    return sha256(listed).hexdigest()


def _read(manifest: Path) -> dict[str, str]:
    with manifest.open(encoding="utf-8") as lines:
        return {path: digest for digest, path in (line.rstrip("\n").split("  ", 1) for line in lines)}


def _beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def _digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    digests = {}
    for name in names:
        with (folder / name).open("rb") as stream:
            digests[name] = file_digest(stream, "sha256").hexdigest()
    return digests


def _manifest(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode("ascii")
