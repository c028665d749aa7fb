"""Where an archive is and how it is set up: its home directory and ``archive.toml``.

The home is ``--archive DIR``, else ``$ARCHIVER_HOME``, else the platform's directory for user data. No credential is
ever written here: S3's come from boto3's own chain, PostgreSQL's from libpq's (``~/.pgpass``, ``$PGPASSWORD``, a
service).
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from archiver.errors import UsageError
from archiver.retention import RetentionSettings
from storage.durability import flush, flush_names
from storage.layout import is_authority

SETTINGS = "archive.toml"
DEFAULT_STORE = "file:store"
MAIN = "main"
"""The name of the store that the archive was made with, and that ``store`` in the settings names."""
STORE_NAMES = f"a store's name is of lower-case letters, digits and single hyphens, and {MAIN!r} is taken"
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
class AuthoritySettings:
    """A time-stamping authority.

    Attributes:
        name: its short name, part of the names of its stamps.
        url: where it is asked.
        roots: a PEM file with the root certificates that are trusted for it, relative to the home.
        policy: the policy that its stamps must be made under, a dotted number; any where it is empty.
    """

    name: str
    url: str
    roots: str
    policy: str = ""


@dataclass(frozen=True, slots=True)
class StampSettings:
    """Who is asked for time stamps; nobody by default.

    Attributes:
        on_upload: whether each upload ends with `stamp`.
        renew_days: the log is stamped anew where the newest stamp's certificates end within so many days.
        seconds: how long an authority may take to answer.
        authorities: who is asked, by name.
    """

    on_upload: bool = False
    renew_days: int = 90
    seconds: int = 30
    authorities: tuple[AuthoritySettings, ...] = ()


@dataclass(frozen=True, slots=True)
class CredentialSettings:
    """How content credentials are judged.

    Attributes:
        trust_list: a PEM file with the root certificates of those who are trusted to sign them, and of time-stamping
            authorities, relative to the home; nobody is asked where it is empty.
    """

    trust_list: str = ""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """A store beside the main one.

    Attributes:
        name: its short name.
        url: where it is.
        required: whether nothing is acknowledged before it holds the bytes, too.
    """

    name: str
    url: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``archive.toml`` says.

    Attributes:
        origin: the log's name, in every event and checkpoint.
        store: the main store's URL.
        catalogue: the catalogue's URL.
        key: the fingerprint of the log's first key, pinned here against a store that is exchanged.
        two_person_rule: whether ``verified`` counts only when a second named assessor says the same.
        limits: what one file may cost.
        stamps: who is asked for time stamps.
        retention: how long a store with Object Lock is asked to keep what is written once; not at all by default.
        stores: the stores beside the main one, in the order in which they are asked.
        credentials: how content credentials are judged.
    """

    origin: str
    key: str
    store: str = DEFAULT_STORE
    catalogue: str = DEFAULT_CATALOGUE
    two_person_rule: bool = False
    limits: Limits = field(default_factory=Limits)
    stamps: StampSettings = field(default_factory=StampSettings)
    retention: RetentionSettings | None = None
    stores: tuple[StoreSettings, ...] = ()
    credentials: CredentialSettings = field(default_factory=CredentialSettings)

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
        retention = values.pop("retention", None)
        limits, stamps, stores = values.pop("limits", {}), values.pop("stamps", {}), values.pop("stores", {})
        credentials = values.pop("credentials", {})
        if not isinstance(credentials, dict):
            raise UsageError(f"{path}: [credentials] must be a table")
        return cls(
            **_known(cls, values, path),
            limits=Limits(**_known(Limits, limits, path)),
            stamps=_stamps(stamps, path),
            retention=_retention(retention, path),
            stores=_stores(stores, path),
            credentials=CredentialSettings(**_known(CredentialSettings, credentials, path)),
        )

    def save(self, home: Path) -> None:
        """Write the settings, whole or not at all."""
        lines = ["# What this archive is and where it lies. Credentials never belong in here."]
        values = asdict(self)
        retention, limits = values.pop("retention"), values.pop("limits")
        stamps, stores, credentials = values.pop("stamps"), values.pop("stores"), values.pop("credentials")
        lines += [*_lines(values), "", "[limits]", *_lines(limits), ""]
        authorities = stamps.pop("authorities")
        if retention:
            lines += ["[retention]", *_lines({name: value for name, value in retention.items() if value}), ""]
        if self.credentials != CredentialSettings():
            lines += ["[credentials]", *_lines(credentials), ""]
        if self.stamps != StampSettings():
            lines += ["[stamps]", *_lines(stamps), ""]
        for authority in authorities:
            lines += [f"[stamps.authorities.{authority.pop('name')}]", *_lines(authority), ""]
        for store in stores:
            lines += [f"[stores.{store.pop('name')}]", *_lines(store), ""]
        part = home / f"{SETTINGS}.part"
        with part.open("w", encoding="utf-8") as file:
            file.write("\n".join(lines))
            file.flush()
            flush(file.fileno())
        part.replace(home / SETTINGS)
        flush_names(home)


_TYPES = {int: "a number", str: "text", bool: "true or false"}


_TABLES = {"limits", "stamps", "authorities", "retention", "stores", "credentials"}


def _lines(values: dict[str, Any]) -> list[str]:
    return [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]  # TOML's too


def _stamps(values: Any, path: Path) -> StampSettings:
    authorities = values.pop("authorities", {}) if isinstance(values, dict) else None
    if not isinstance(authorities, dict) or not all(isinstance(each, dict) for each in authorities.values()):
        raise UsageError(f"{path}: [stamps] and [stamps.authorities.NAME] must be tables")
    named = tuple(
        AuthoritySettings(name, **_authority(name, _known(AuthoritySettings, each, path), path))
        for name, each in authorities.items()
    )
    return StampSettings(**_known(StampSettings, values, path), authorities=named)


def _retention(values: Any, path: Path) -> RetentionSettings | None:
    if values is None:
        return None
    if not isinstance(values, dict):
        raise UsageError(f"{path}: [retention] must be a table")
    found = RetentionSettings(**_known(RetentionSettings, values, path))
    found.check(f"{path}: [retention]")
    return found


def _stores(values: Any, path: Path) -> tuple[StoreSettings, ...]:
    if not isinstance(values, dict) or not all(isinstance(each, dict) for each in values.values()):
        raise UsageError(f"{path}: [stores.NAME] must be tables")
    for name, each in values.items():
        where = f"{path}: [stores.{name}]"
        if not is_store_name(name):
            raise UsageError(f"{where}: {STORE_NAMES}")
        if not each.get("url") or "name" in each:
            raise UsageError(f"{where} needs a url, and no name of its own")
    return tuple(StoreSettings(name, **_known(StoreSettings, each, path)) for name, each in values.items())


def is_store_name(name: str) -> bool:
    """Whether a store beside the main one can have this name; see ``STORE_NAMES``."""
    return name != MAIN and is_authority(name)


def _authority(name: str, values: dict[str, Any], path: Path) -> dict[str, Any]:
    where = f"{path}: [stamps.authorities.{name}]"
    if not is_authority(name):
        raise UsageError(f"{where}: a name is of lower-case letters, digits and single hyphens")
    missing = [word for word in ("url", "roots") if not values.get(word)]
    if missing or "name" in values:
        raise UsageError(f"{where} needs url and roots, and no name of its own")
    parts = urlsplit(values["url"])
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise UsageError(f"{where}: url must be an http or https address without a user or password")
    if not re.fullmatch(r"([0-9]+(\.[0-9]+)+)?", values.get("policy", "")):
        raise UsageError(f"{where}: policy must be a dotted number")
    return values


def _known(kind: type, values: dict[str, Any], path: Path) -> dict[str, Any]:
    types = {
        f.name: type(f.default) if f.default is not MISSING else str for f in fields(kind) if f.name not in _TABLES
    }
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
