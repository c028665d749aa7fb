"""One way to write a JSON value: RFC 8785, the JSON Canonicalization Scheme.

Two people who hold the same value write the same bytes, so hashes and signatures can be taken over them. Reading is as
strict as writing: ``read`` refuses what JSON leaves open (a name given twice, ``NaN``, bytes that are not UTF-8).

The law is the ``rfc8785`` package. Values made only of text, whole numbers, ``true``, ``false``, ``null``, lists and
objects with ASCII names take a shorter way through the standard library, which writes the same bytes in about a third
of the time: ASCII names sort alike by UTF-16 code unit (RFC 8785, 3.2.3) and by code point, and only floating point
numbers are spelled differently by ECMAScript and Python. A test holds the two ways against each other.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

_LARGEST = 2**53 - 1
"""The largest whole number that an IEEE 754 double, and so I-JSON (RFC 7493, 2.2), carries exactly."""

_write = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def canonical(value: Any) -> bytes:
    """Write a JSON value in its one canonical form.

    Args:
        value: ``None``, ``bool``, ``int`` (within ±(2**53 - 1)), finite ``float``, ``str``, and lists, tuples and
            string-keyed dictionaries of these.

    Raises:
        ValueError: the value has no canonical form: another type, too large a number, not-a-number, text with a lone
            surrogate, nested too deeply or within itself.
    """
    try:
        if _is_plain(value):
            return _write(value).encode()
        import rfc8785  # noqa: PLC0415 - most values never need it

        return rfc8785.dumps(value)
    except UnicodeEncodeError as error:
        raise ValueError("no canonical JSON form: text with a lone surrogate is no Unicode text") from error
    except RecursionError as error:
        raise ValueError("no canonical JSON form: the value is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"no canonical JSON form: {error}") from error


def read(data: bytes) -> Any:
    """Read a JSON value, refusing whatever two readers could understand differently.

    A whole number beyond ±(2**53 - 1) is read as the double that every other reader of I-JSON makes of it: RFC 8785
    writes doubles up to 1e21 without an exponent, and they must come back as what they were.

    Undoes ``canonical``, but takes every spelling of a value; compare ``canonical(read(data))`` with ``data`` where
    only the canonical one will do.

    Raises:
        ValueError: not UTF-8, not JSON, a name twice in one object, ``NaN`` or ``Infinity``, nested too deeply.
    """
    try:
        return json.loads(data.decode(), object_pairs_hook=_names_once, parse_int=_whole, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("not readable as JSON: nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"not readable as JSON: {error}") from error


def _is_plain(value: Any) -> bool:
    """Whether the standard library writes this value exactly as RFC 8785 demands."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-_LARGEST <= value <= _LARGEST)
    if kind is dict:
        return all(type(name) is str and name.isascii() and _is_plain(held) for name, held in value.items())
    if kind is list:
        return all(map(_is_plain, value))
    return False


def _names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read_so_far = dict(pairs)
    if len(read_so_far) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return read_so_far


def _whole(spelled: str) -> int | float:
    number = int(spelled)
    return number if -_LARGEST <= number <= _LARGEST else float(spelled)


def _no_number(spelled: str) -> NoReturn:
    raise ValueError(f"{spelled} is no JSON number")
