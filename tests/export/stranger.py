"""Whoever gets a bundle, and whoever tampers with one on the way: with bash and openssl, or with a key."""

from __future__ import annotations

import base64
import math
import subprocess
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.custody.checkpoint import Checkpoint
from archiver.custody.keys import SigningKey, VerifyKey
from archiver.custody.merkle import leaf_hash
from archiver.custody.proofs import Proofs

if TYPE_CHECKING:
    from tests.servers.authority import Authority

OURS = Path(__file__).parents[2] / "archiver" / "export" / "stranger" / "verify.sh"
"""The script as it comes from another place than the bundle."""


def verify(folder: Path, *words: str, script: Path | None = None, code: int) -> str:
    """Run the bundle's own script, or another one, with no program of ours in reach; what it printed."""
    done = subprocess.run(
        ["bash", str(script or folder / "verify.sh"), *words, str(folder)],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    assert done.stderr == ""
    return done.stdout


def all_files(folder: Path) -> list[str]:
    """Every file, by its path within the folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def remake(folder: Path, key: SigningKey | None = None) -> None:
    """Make all lists anew, so that they fit what lies there now; signed anew by who has a key."""
    listed = (folder / "files.sha256").read_text()
    head = "".join(line for line in listed.splitlines(keepends=True) if line.startswith("#"))
    names = all_files(folder)
    _list(folder, "manifest-sha256.txt", [name for name in names if name.startswith("data/")])
    stamped = {name for name in names if name.startswith("stamped.")}
    last = {"files.sha256", "files.sha256.sig", "tagmanifest-sha256.txt", *stamped}
    _list(folder, "files.sha256", [name for name in names if name not in last], head)
    if key is not None:
        (folder / "files.sha256.sig").write_bytes(key.sign((folder / "files.sha256").read_bytes()))
    beside = [name for name in names if not name.startswith(("data/", "stamped.")) and name != "tagmanifest-sha256.txt"]
    _list(folder, "tagmanifest-sha256.txt", beside)


def _list(folder: Path, name: str, names: list[str], head: str = "") -> None:
    lines = (f"{sha256((folder / each).read_bytes()).hexdigest()}  {each}\n" for each in names)
    (folder / name).write_text(head + "".join(lines))


def restamp(folder: Path, authority: Authority, name: str = "tsa") -> None:
    """Have the list of files stamped by an authority of one's own."""
    query = authority.query((folder / "tagmanifest-sha256.txt").read_bytes())
    (folder / f"stamped.{name}.tsq").write_bytes(query)
    (folder / f"stamped.{name}.tsr").write_bytes(authority.answer(query))
    chain = (authority.directory / part for part in ("signer.pem", "chain.pem"))
    (folder / f"stamped.{name}.pem").write_bytes(b"".join(part.read_bytes() for part in chain))
    (folder / f"stamped.{name}.crl").unlink(missing_ok=True)


class Alike(SigningKey):
    """A thief's RSA key whose public half ends in the 32 bytes of somebody's Ed25519 key, by its exponent.

    So whatever looks at the last bytes alone takes it for that key; and OpenSSL verifies what it signs.
    """

    def __init__(self, other: VerifyKey) -> None:
        exponent = int.from_bytes(b"\x01" + other.raw, "big")
        if exponent % 2 == 0:
            raise ValueError("no RSA key has an even exponent")
        self._modulus, self._private = _rsa(exponent)
        self.public = _Public(other.raw, self._modulus, exponent)

    def sign(self, message: bytes) -> bytes:
        """PKCS #1 v1.5 with SHA-256 (RFC 8017, 8.2.1)."""
        told = bytes.fromhex("3031300d060960864801650304020105000420") + sha256(message).digest()
        padded = b"\0\1" + b"\xff" * (_RSA_BYTES - 3 - len(told)) + b"\0" + told
        return pow(int.from_bytes(padded, "big"), self._private, self._modulus).to_bytes(_RSA_BYTES, "big")


_RSA_BYTES = 256


@dataclass(frozen=True)
class _Public(VerifyKey):
    modulus: int
    exponent: int

    @property
    def pem(self) -> str:
        """The RSA key, in DER by hand: the usual libraries refuse to write so large an exponent."""
        key = _der(0x30, _der(2, _number(self.modulus)) + _der(2, _number(self.exponent)))
        kind = _der(0x30, bytes.fromhex("06092a864886f70d0101010500"))
        text = base64.encodebytes(_der(0x30, kind + _der(3, b"\0" + key))).decode()
        return f"-----BEGIN PUBLIC KEY-----\n{text}-----END PUBLIC KEY-----\n"


def _rsa(exponent: int) -> tuple[int, int]:
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - of this attack alone

    while True:
        made = rsa.generate_private_key(65537, 8 * _RSA_BYTES).private_numbers()
        order = (made.p - 1) * (made.q - 1)
        if math.gcd(exponent, order) == 1:
            return made.p * made.q, pow(exponent, -1, order)


def _number(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def _der(kind: int, content: bytes) -> bytes:
    length = len(content)
    size = bytes([length]) if length < 128 else b"\x82" + length.to_bytes(2, "big")
    return bytes([kind]) + size + content


def forge(folder: Path, key: SigningKey) -> None:
    """Make all of it anew with another key: envelopes, chain, tree, proofs, checkpoint, lists."""
    import json  # noqa: PLC0415 - of this attack alone

    from archiver.custody.canonical import canonical  # noqa: PLC0415 - of this attack alone

    old = (folder / "files.sha256").read_text()
    fingerprint = next(line.split()[-1] for line in old.splitlines() if line.startswith("# key "))
    origin, size, *_ = (folder / "data/checkpoint.txt").read_text().splitlines()
    leaves = [bytes(32)] * int(size)
    became: dict[str, str] = {}
    events: dict[int, tuple[Path, list[str]]] = {}
    for path in sorted((folder / "data/events").iterdir()):
        lines = path.read_text().splitlines()
        place, leaf = int(lines[1].split()[1]), lines[2].split()[1]
        envelope = json.loads(lines[3].removeprefix("envelope "))
        envelope |= {"key": key.public.fingerprint, "previous": became.get(envelope["previous"])}
        message = canonical(envelope)
        leaves[place] = leaf_hash(message)
        became[leaf] = leaves[place].hex()
        kept = [line for line in lines[5:] if not line.startswith("proof ")]
        signature = base64.b64encode(key.sign(message)).decode()
        made = [*lines[:2], f"leaf {became[leaf]}", f"envelope {message.decode()}", f"signature {signature}", *kept]
        events[place] = (path, made)
    proofs = Proofs(leaves, len(leaves), events)
    for place, (path, lines) in events.items():
        path.write_text("\n".join([*lines, *(f"proof {node.hex()}" for node in proofs.path(place))]) + "\n")
    (folder / "data/checkpoint.txt").write_text(Checkpoint(origin, len(leaves), proofs.root).sign(key))
    (folder / "data/key.pem").write_text(key.public.pem)
    (folder / "files.sha256").write_text(old.replace(fingerprint, key.public.fingerprint))
    remake(folder, key)
