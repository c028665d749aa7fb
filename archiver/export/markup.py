"""HTML made of values: whatever is not markup made here is text, and is escaped.

The law: a string is text. Characters that could reorder or hide what is read are written out
(``archiver.render``), and text in another direction than the page's is kept to itself (``bdi``). Only ``Html``, which
this module alone makes, goes into a page as it is. No address that a stranger wrote is ever a link.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from archiver.render import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    Content = str | int | None | Iterable["Content"]

_LONG = 20
"""Characters of a word that may be broken anywhere, so that no address widens a page."""


class Html(str):
    """Markup, made of escaped parts."""

    __slots__ = ()


def content(value: Content) -> Html:
    """Any content as markup: nothing for ``None``, text escaped, several things one after the other."""
    if value is None:
        return Html("")
    if isinstance(value, Html):
        return value
    if isinstance(value, str | int):
        return Html(escape(printable(str(value), lines=True)))
    return Html("".join(content(each) for each in value))


def tag(name: str, /, *inside: Content, **attributes: str | None) -> Html:
    """An element; ``class_`` is its class, and an attribute that is ``None`` is left out."""
    told = "".join(
        f' {key.rstrip("_")}="{escape(printable(value))}"' for key, value in attributes.items() if value is not None
    )
    return Html(f"<{name}{told}>{content(inside)}</{name}>")


def void(name: str, /, **attributes: str) -> Html:
    """An element that holds nothing."""
    return Html(
        f"<{name}" + "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items()) + ">"
    )


def said(text: str | None) -> Html:
    """What somebody else wrote, kept to itself; a dash where there is nothing."""
    if not text:
        return tag("span", "–", class_="none")
    long = max((len(word) for word in text.split()), default=0) > _LONG
    return tag("bdi", text, class_="long" if long else None)


def quoted(text: str | None) -> Html:
    """Somebody's own words, so that what follows them is not taken for a part of them."""
    return content(("“", said(text), "”")) if text else said(None)


def table(heads: Iterable[str], rows: Iterable[Iterable[Content]]) -> Html:
    """A table; nothing where there is no row."""
    lines = [tag("tr", [tag("td", cell) for cell in row]) for row in rows]
    if not lines:
        return Html("")
    return tag("table", tag("thead", tag("tr", [tag("th", head, scope="col") for head in heads])), tag("tbody", lines))


def listed(entries: Iterable[Content]) -> Html:
    """A list; nothing where there is no entry."""
    lines = [tag("li", entry) for entry in entries]
    return tag("ul", lines) if lines else Html("")
