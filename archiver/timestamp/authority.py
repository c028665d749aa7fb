"""Whom to ask for the time, and which root certificates are trusted for that: the archive's decision, in its settings.

A certificate that comes with a token vouches for nothing: whoever forges the one makes the other. So an authority
without a file of trusted roots cannot be asked, and its root is to be had from elsewhere than its answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.x509 import Certificate

    from archiver.settings import AuthoritySettings

_LARGEST_ROOTS = 1_000_000


@dataclass(frozen=True)
class Authority:
    """A time-stamping authority that this archive trusts.

    Attributes:
        name: its short name, part of the names of its stamps.
        url: where it is asked (RFC 3161, 3.4).
        roots: the certificates that its signer's chain must end in.
        policy: the policy (a dotted number) that its stamps must be made under; any where it is empty.
    """

    name: str
    url: str
    roots: tuple[Certificate, ...]
    policy: str


def authority(settings: AuthoritySettings, home: Path) -> Authority:
    """An authority as the settings name it, its roots read.

    Raises:
        UsageError: the file of its roots cannot be read, or holds no certificate.
    """
    return Authority(settings.name, settings.url, trusted(home / settings.roots), settings.policy)


def trusted(path: Path) -> tuple[Certificate, ...]:
    """The certificates of a PEM file.

    Raises:
        UsageError: it cannot be read, or holds none.
    """
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - heavy

    hint = "[stamps.authorities.NAME] roots names a PEM file of the authority's root (docs: operations)"
    try:
        with path.open("rb") as file:
            return tuple(load_pem_x509_certificates(file.read(_LARGEST_ROOTS)))
    except OSError as error:
        raise UsageError(f"the trusted roots {path} cannot be read: {error.strerror}", hint=hint) from error
    except ValueError as error:
        raise UsageError(f"{path} holds no certificate in PEM: {error}", hint=hint) from error
