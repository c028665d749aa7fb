"""Ed25519 keys (RFC 8032): PKCS#8 PEM files that ``openssl`` reads, and fingerprints that name them.

A signing key lies in a file that only its owner can read (0600) and that is never overwritten: a lost key ends a log's
growth, an overwritten one would too. A key file that others can read may already have been copied, so it is refused.

Make the public half of a key file with ``openssl pkey -in KEY -pubout``; its fingerprint is the SHA-256 of the last 32
bytes of ``-outform DER``.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, Self

from archiver.custody import base64text
from archiver.custody.errors import KeyRefused, Malformed
from storage.durability import flush, flush_names

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_BYTES = 32
SIGNATURE_BYTES = 64
_LARGEST_FILE = 65_536
_OPEN_TO_OTHERS = 0o077


@dataclass(frozen=True)
class VerifyKey:
    """The public half: 32 raw bytes (RFC 8032, 5.1.5)."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise KeyRefused(f"an Ed25519 public key has 32 bytes, not {len(self.raw)}")

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the raw bytes, 64 hexadecimal digits: the key's name in every event."""
        return sha256(self.raw).hexdigest()

    @property
    def base64(self) -> str:
        """The raw bytes in base64."""
        return base64text.write(self.raw)

    @property
    def pem(self) -> str:
        """SubjectPublicKeyInfo in PEM, as ``openssl pkey -pubout`` writes it."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415 - heavy

        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @classmethod
    def from_base64(cls, text: str) -> Self:
        """Read a key that ``base64`` wrote.

        Raises:
            KeyRefused: it is none.
        """
        try:
            return cls(base64text.read(text))
        except Malformed as error:
            raise KeyRefused("not a public key: this is no base64") from error

    @classmethod
    def from_pem(cls, text: str) -> Self:
        """Read a key that ``pem`` or ``openssl pkey -pubout`` wrote.

        Raises:
            KeyRefused: it is none, or not an Ed25519 key.
        """
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - heavy
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - heavy
        from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415 - heavy

        try:
            key = load_pem_public_key(text.encode())
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyRefused("not a public key in PEM") from error
        if not isinstance(key, Ed25519PublicKey):
            raise KeyRefused("this public key is not an Ed25519 key")
        return cls(key.public_bytes_raw())

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether this key signed this message."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - heavy

        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _key(self) -> Ed25519PublicKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - heavy

        return Ed25519PublicKey.from_public_bytes(self.raw)


class SigningKey:
    """The private half; its text form never shows it."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = VerifyKey(key.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"<SigningKey {self.public.fingerprint}>"

    @classmethod
    def generate(cls) -> Self:
        """Make a key from the operating system's randomness."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - heavy

        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The key of a 32-byte seed (RFC 8032, 5.1.5), as test vectors and other tools state it.

        Raises:
            KeyRefused: the seed has another length.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - heavy

        if len(seed) != KEY_BYTES:
            raise KeyRefused(f"an Ed25519 seed has 32 bytes, not {len(seed)}")
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    def sign(self, message: bytes) -> bytes:
        """Sign a message: 64 bytes, the same for the same message."""
        return self._key.sign(message)

    def save(self, path: Path) -> Literal[True]:
        """Write the key into a new file (0600), in a directory that is made (0700) if it is not there.

        Raises:
            KeyRefused: the file exists, or cannot be written; nothing is left behind.
        """
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - heavy
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        new = [path.parent, *path.parent.parents]
        new = new[: next((place for place, each in enumerate(new) if each.is_dir()), len(new))]
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise KeyRefused(f"no directory for keys can be made at {path.parent}: {error.strerror}") from error
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise KeyRefused(
                f"a key already lies at {path}", hint="a key is never overwritten; choose another path"
            ) from error
        except OSError as error:
            raise KeyRefused(f"no key can be written to {path}: {error.strerror}") from error
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
                os.fchmod(file.fileno(), 0o600)  # whatever the umask made of it
                file.write(pem)
                file.flush()
                flush(file.fileno())
            for directory in [path, *new]:  # a key in a directory that a power cut takes away is lost
                flush_names(directory.parent)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise KeyRefused(f"the key could not be written to {path}: {error.strerror}") from error
        return True

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a key file.

        Raises:
            KeyRefused: there is none, others can read it, it is no unencrypted PEM, or it is not an Ed25519 key.
        """
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - heavy
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - heavy
        from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - heavy

        try:
            key = load_pem_private_key(_read_private(path), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise KeyRefused(f"{path} holds no unencrypted private key in PEM") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyRefused(f"{path} holds another kind of key; the log is signed with Ed25519")
        return cls(key)


def _read_private(path: Path) -> bytes:
    """The file's bytes; its permissions are asked of the opened file, so that nobody can swap it in between."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a named pipe here must not hold the program for ever
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise KeyRefused(f"{path} is no regular file")
            if status.st_mode & _OPEN_TO_OTHERS:
                raise KeyRefused(
                    f"others can reach the key {path} (mode {stat.S_IMODE(status.st_mode):04o})",
                    hint=f"run: chmod 600 {path}; if somebody may have copied it, make a new key",
                )
            return os.read(descriptor, _LARGEST_FILE)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise KeyRefused(f"the key {path} cannot be read: {error.strerror}") from error
