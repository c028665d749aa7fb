"""The little of DER (X.690) that is needed around a time stamp: walking elements, and putting a set in order.

DER sorts the elements of a SET OF (X.690, 11.6). Many authorities, OpenSSL's responder among them, send their
certificates in another order, and a strict reader refuses the whole response. Certificates and revocation lists are not
covered by the signature, so a *copy* with them in order says the same; what is kept is always the response as it came.
"""

from __future__ import annotations

from dataclasses import dataclass

SEQUENCE = 0x30
_CONTEXT_0 = 0xA0
_CONTEXT_1 = 0xA1
_SIGNED_DATA_SETS = (_CONTEXT_0, _CONTEXT_1)
"""Certificates and revocation lists (RFC 5652, 5.1): implicit SETs behind these tags."""
_LONG_FORM = 0x80
_LONGEST_LENGTH = 4
_MULTIBYTE_TAG = 0x1F


class NotDer(ValueError):
    """These bytes are no DER, or not of the expected form."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag, and where in the data it begins, its content begins, and it ends."""

    tag: int
    start: int
    content: int
    end: int


def elements(data: bytes, start: int, end: int) -> list[Element]:
    """The elements that fill these bytes exactly.

    Raises:
        NotDer: they do not.
    """
    found = []
    while start < end:
        element = _element(data, start, end)
        found.append(element)
        start = element.end
    return found


def _element(data: bytes, start: int, end: int) -> Element:
    if end - start < 2 or data[start] & _MULTIBYTE_TAG == _MULTIBYTE_TAG:  # noqa: PLR2004 - a tag and a length
        raise NotDer("no DER: an element is cut off, or has a tag of several bytes")
    length, content = data[start + 1], start + 2
    if length >= _LONG_FORM:
        count = length - _LONG_FORM
        digits = data[content : content + count]
        if not 0 < count <= _LONGEST_LENGTH or len(digits) != count:
            raise NotDer("no DER: a length of no form that DER has")
        length, content = int.from_bytes(digits, "big"), content + count
    if length > end - content:
        raise NotDer("no DER: an element is longer than what holds it")
    return Element(data[start], start, content, content + length)


def whole(data: bytes) -> Element:
    """The one element that these bytes are, with nothing behind it.

    Raises:
        NotDer: they are not.
    """
    found = elements(data, 0, len(data)) if data[:1] == bytes([SEQUENCE]) else []
    if len(found) != 1:
        raise NotDer("no DER: not one sequence and nothing else")
    return found[0]


def first_of(data: bytes) -> int:
    """Where the sequence ends that these bytes begin with.

    Raises:
        NotDer: they do not begin with a whole one.
    """
    if data[:1] != bytes([SEQUENCE]):
        raise NotDer("no DER: it does not begin with a sequence")
    return _element(data, 0, len(data)).end


def inner(data: bytes, least: int) -> list[Element]:
    """What one sequence, with nothing behind it, holds: at least so many elements.

    Raises:
        NotDer: these bytes are none.
    """
    return _children(data, whole(data), least)


def signed_data(response: bytes) -> Element | None:
    """Where the SignedData of a response's token lies; ``None`` where it has no token, which is a refusal.

    Args:
        response: TimeStampResp (RFC 3161, 2.4.2).

    Raises:
        NotDer: it is none.
    """
    outer = inner(response, 1)
    if len(outer) == 1:
        return None
    content_info = _children(response, outer[1], 2)
    return _children(response, content_info[1], 1)[0]


def in_order(response: bytes) -> bytes:
    """A copy of a time-stamp response whose certificates and revocation lists are sorted as DER demands.

    Args:
        response: TimeStampResp, with a token or without one.

    Raises:
        NotDer: it is none.
    """
    signed = signed_data(response)
    if signed is None:
        return response
    copy = bytearray(response)
    for element in _children(response, signed, 4):
        if element.tag in _SIGNED_DATA_SETS:
            each = [response[e.start : e.end] for e in elements(response, element.content, element.end)]
            copy[element.content : element.end] = b"".join(sorted(each))
    return bytes(copy)


def _children(data: bytes, element: Element, least: int) -> list[Element]:
    found = elements(data, element.content, element.end)
    if len(found) < least:
        raise NotDer("no DER of a time-stamp response: something is missing in it")
    return found
