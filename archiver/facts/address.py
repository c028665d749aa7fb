"""Web addresses in one spelling, to find the same page again under another one (RFC 3986, section 6.2).

The law: what was seen is kept to the letter; the one spelling is only compared, and never shown as what was seen.

1. Scheme and host in lower case, the scheme itself and a leading ``www.`` or ``m.`` left out; default ports dropped.
2. Percent-escapes of unreserved characters are resolved, others are written in capitals.
3. A closing slash and the fragment are left out, unless the fragment is a path of its own (``#!…``, ``#/…``).
4. Parameters that only follow the reader about (``utm_*``, ``fbclid`` …) are left out; the others are sorted.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

_FOLLOWING: Final = re.compile(
    r"(utm_.*|fbclid|gclid|dclid|msclkid|yclid|igshid|igsh|mc_cid|mc_eid|ref_src|ref_url|_ga|_gl|wt_mc|twclid|ttclid|si)",
    re.IGNORECASE,
)
_PORTS: Final = {"http": 80, "https": 443, "ftp": 21}
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def one_spelling(url: str) -> str:
    """The address in the spelling that is compared; text that is no address with a host is only trimmed."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return url.strip()
    if not parts.scheme or not host:
        return url.strip()
    where = re.sub(r"^(www|m|mobile)\.(?=[^.]+\.)", "", host.rstrip("."))
    if port is not None and port != _PORTS.get(parts.scheme.lower()):
        where += f":{port}"
    path = _escapes(parts.path).rstrip("/")
    return where + path + _query(parts) + _fragment(parts)


def _query(parts: SplitResult) -> str:
    kept = sorted(_escapes(part) for part in parts.query.split("&") if part)
    kept = [part for part in kept if not _FOLLOWING.fullmatch(part.partition("=")[0])]
    return "?" + "&".join(kept) if kept else ""


def _fragment(parts: SplitResult) -> str:
    return f"#{_escapes(parts.fragment)}" if parts.fragment.startswith(("!", "/")) else ""


def _escapes(text: str) -> str:
    def resolved(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else match[0].upper()

    return re.sub(r"%([0-9A-Fa-f]{2})", resolved, text)
