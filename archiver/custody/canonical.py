"""One way to write a JSON value: RFC 8785, the JSON Canonicalization Scheme.

Two people who hold the same value write the same bytes, so hashes and signatures can be taken over them. Reading is as
strict as writing: ``read`` refuses what JSON leaves open (a name given twice, ``NaN``, bytes that are not UTF-8).

The law is the ``rfc8785`` package. Values made only of text, numbers, ``true``, ``false``, ``null``, lists and objects
with ASCII names take a shorter way through the standard library, which writes the same bytes in a tenth of the time:
ASCII names sort alike by UTF-16 code unit (RFC 8785, 3.2.3) and by code point. Of the doubles, ECMAScript and Python
both write the fewest digits that say which one it is; they differ for whole ones (``4`` and ``4.0``), which are handed
over as whole numbers here, and where an exponent is written, which takes the long way. A text
alone and a whole number alone, most of what events are made of, are written without setting an encoder up. A test holds
the ways against one another.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LARGEST = 2**53 - 1
"""The largest whole number that an IEEE 754 double, and so I-JSON (RFC 7493, 2.2), carries exactly."""

_FRACTION = re.compile(r"-?[0-9]+\.[0-9]*[1-9]")
"""A double that Python writes without an exponent and that is not whole: spelled alike by ECMAScript."""

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
        kind = type(value)
        if kind is str:
            return quoted(value).encode()
        if kind is int and -LARGEST <= value <= LARGEST:
            return b"%d" % value
        try:
            return _write(_plain(value)).encode()
        except _NotPlain:
            import rfc8785  # noqa: PLC0415 - most values never need it

            return rfc8785.dumps(value)
    except UnicodeEncodeError as error:
        raise ValueError("no canonical JSON form: text with a lone surrogate is no Unicode text") from error
    except RecursionError as error:
        raise ValueError("no canonical JSON form: the value is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"no canonical JSON form: {error}") from error


def joined(fields: Mapping[str, bytes]) -> bytes:
    """The canonical form of an object whose values are written already.

    Args:
        fields: by name, each value in its canonical form.

    Raises:
        ValueError: a name holds a lone surrogate.
    """
    names = sorted(fields, key=None if _are_ascii(fields) else _code_units)
    return b"{%b}" % b",".join([_named(name) + fields[name] for name in names])


@lru_cache(4096)
def _named(name: str) -> bytes:
    """A name as it stands before its value; a log has few, and says them a million times."""
    return canonical(name) + b":"


def _code_units(name: str) -> bytes:
    """What names are sorted by (RFC 8785, 3.2.3)."""
    return name.encode("utf-16-be")


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


class _NotPlain(Exception):
    """The standard library would write this value in another way than RFC 8785 demands, or not at all."""


def _plain(value: Any) -> Any:
    """The value as the standard library writes it in exactly the way that RFC 8785 demands.

    Raises:
        _NotPlain: there is no such way.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is dict:
        if _are_ascii(value):
            return {name: held if type(held) is str else _plain(held) for name, held in value.items()}
    elif kind is list:
        return [held if type(held) is str else _plain(held) for held in value]
    elif kind is int:
        if -LARGEST <= value <= LARGEST:
            return value
    elif kind is float:
        if value.is_integer() and -LARGEST <= value <= LARGEST:
            return int(value)
        if _FRACTION.fullmatch(repr(value)):
            return value
    raise _NotPlain


def _are_ascii(names: Iterable[Any]) -> bool:
    try:
        return "".join(names).isascii()
    except TypeError:
        return False


def _names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read_so_far = dict(pairs)
    if len(read_so_far) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return read_so_far


def _whole(spelled: str) -> int | float:
    number = int(spelled)
    return number if -LARGEST <= number <= LARGEST else float(spelled)


def _no_number(spelled: str) -> NoReturn:
    raise ValueError(f"{spelled} is no JSON number")
