"""Where an archive is and how it is set up: its home directory and ``archive.toml``.

The home is ``--archive DIR``, else ``$ARCHIVER_HOME``, else the platform's directory for user data. No credential is
ever written here: S3's come from boto3's own chain, PostgreSQL's from libpq's (``~/.pgpass``, ``$PGPASSWORD``, a
service).
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from archiver.errors import UsageError

SETTINGS = "archive.toml"
DEFAULT_STORE = "file:store"
DEFAULT_CATALOGUE = "sqlite:catalogue.db"
LARGEST_FILE = 5 * 2**30
"""Bytes: what S3 takes in one put."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    Attributes:
        largest_file: bytes; a larger file is refused.
        largest_picture: pixels; a larger picture is kept, and not decoded.
        cpu_seconds: of one inspection.
        memory: bytes of address space of one inspection.
    """

    largest_file: int = LARGEST_FILE
    largest_picture: int = 200_000_000
    cpu_seconds: int = 30
    memory: int = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``archive.toml`` says.

    Attributes:
        origin: the log's name, in every event and checkpoint.
        store: the store's URL.
        catalogue: the catalogue's URL.
        key: the fingerprint of the key that signs the log, pinned here against a store that is exchanged.
        two_person_rule: whether ``verified`` counts only when a second named assessor says the same.
        limits: what one file may cost.
    """

    origin: str
    key: str
    store: str = DEFAULT_STORE
    catalogue: str = DEFAULT_CATALOGUE
    two_person_rule: bool = False
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def load(cls, home: Path) -> Self:
        """Read the settings of the archive in this directory.

        Raises:
            UsageError: there is no archive, or its settings are malformed or hold a word that is not known.
        """
        path = home / SETTINGS
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UsageError(
                f"there is no archive in {home}",
                hint="make one with `archiver init`, or name another with --archive DIR or $ARCHIVER_HOME",
            ) from None
        except (OSError, ValueError) as error:
            raise UsageError(f"{path} cannot be read: {error}", hint="docs/operations.md says what it holds") from error
        limits = values.pop("limits", {})
        return cls(**_known(cls, values, path), limits=Limits(**_known(Limits, limits, path)))

    def save(self, home: Path) -> None:
        """Write the settings, whole or not at all."""
        lines = ["# What this archive is and where it lies. Credentials never belong in here."]
        values = asdict(self)
        limits = values.pop("limits")
        lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]  # TOML's too
        lines += ["", "[limits]", *(f"{name} = {value}" for name, value in limits.items()), ""]
        part = home / f"{SETTINGS}.part"
        with part.open("w", encoding="utf-8") as file:
            file.write("\n".join(lines))
            file.flush()
            os.fsync(file.fileno())
        part.replace(home / SETTINGS)


_TYPES = {int: "a number", str: "text", bool: "true or false"}


def _known(kind: type, values: dict[str, Any], path: Path) -> dict[str, Any]:
    types = {f.name: type(f.default) if f.default is not MISSING else str for f in fields(kind) if f.name != "limits"}
    for name, value in values.items():
        if name not in types:
            raise UsageError(f"{path} holds the unknown word {name!r}", hint=f"known are {', '.join(types)}")
        if type(value) is not types[name]:
            raise UsageError(f"{path}: {name} must be {_TYPES[types[name]]}")
        if isinstance(value, int) and types[name] is int and value < 1:
            raise UsageError(f"{path}: {name} must be 1 or more, and is {value}")
    missing = [name for name in ("origin", "key") if kind is Settings and name not in values]
    if missing:
        raise UsageError(f"{path} lacks {', '.join(missing)}")
    return values


def refuse_password(url: str) -> None:
    """Refuse a URL that carries a password, since the settings are no place for one.

    Raises:
        UsageError: it does.
    """
    parts = urlsplit(url)
    if parts.password is not None or "password=" in parts.query:
        raise UsageError(
            "the URL holds a password, and would be written down",
            hint="leave it out: PostgreSQL reads ~/.pgpass, $PGPASSWORD or a service file; S3 reads boto3's chain",
        )


def default_home() -> Path:
    """``$ARCHIVER_HOME``, else the platform's directory for user data."""
    chosen = os.environ.get("ARCHIVER_HOME")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_data_path  # noqa: PLC0415 - only where nothing else was said

    return user_data_path("archiver", appauthor=False)
