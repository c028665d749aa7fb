"""Whoever gets a bundle, and whoever tampers with one on the way: with bash and openssl, or with a key."""

from __future__ import annotations

import subprocess
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.custody.checkpoint import Checkpoint
from archiver.custody.merkle import leaf_hash
from archiver.custody.proofs import Proofs

if TYPE_CHECKING:
    from archiver.custody.keys import SigningKey
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


def forge(folder: Path, key: SigningKey) -> None:
    """Make all of it anew with another key: envelopes, chain, tree, proofs, checkpoint, lists."""
    import base64  # noqa: PLC0415 - of this attack alone
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
