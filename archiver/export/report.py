"""The report: what is known, as one page for people who read and print, and no programs (``report.html``).

The law: the page needs nothing but itself. No script, no remote asset, no form; a Content-Security-Policy says so to
the browser, and allows the one style sheet by its digest. Everything that strangers wrote is text
(``archiver.export.markup``); a link leads to a file of the bundle or within the page, and nowhere else. The page is
written item by item.
"""

from __future__ import annotations

import base64
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from archiver.export.markup import Html, listed, tag, void
from archiver.export.report_item import anchor, item_section, told_elsewhere
from archiver.export.report_keys import doubted, keys_section
from archiver.export.report_withdrawn import withdrawn_anchor, withdrawn_section
from archiver.facts.vocabulary import Profile
from archiver.render import counted, moment, short

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from archiver.export.markup import Content
    from archiver.export.material import Material
    from archiver.export.report_log import Log
    from archiver.known import Known

FOR = {
    Profile.COURT: "for a court: nothing is withheld",
    Profile.PARTNER: "for a partner: what may not be shown to one is withheld",
    Profile.PUBLIC: "for the public: what may not be shown to all is withheld",
}


def report(
    material: Material,
    log: Log,
    *,
    made: str,
    originals: Mapping[str, str],
    stay: Mapping[str, list[str]],
    veiled: Collection[str],
    address: Callable[[Known], str | None],
    side_by_side: Callable[[Known, Known], Html | None],
) -> Iterator[str]:
    """The page, piece by piece.

    Args:
        material: as it was cut for whoever reads.
        log: what the page tells of the log.
        made: when, an ``Instant``.
        originals: where each original that goes along lies, by item.
        stay: why the others do not.
        veiled: the items whose pictures are hidden.
        address: makes the small picture of an item whose original goes along, as a ``data:`` address.
        side_by_side: tells of two related items whose originals go along how they compare.
    """
    style = (files("archiver.export") / "stranger" / "report.css").read_text(encoding="utf-8")
    allowed = base64.b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    title = f"{how_many(material)} of the archive {material.origin}"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield void("meta", **{"http-equiv": "Content-Security-Policy", "content": policy})
    yield void("meta", name="referrer", content="no-referrer")
    yield void("meta", name="viewport", content="width=device-width, initial-scale=1")
    yield tag("title", title) + f"\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
    yield _head(title, material, log, made)
    yield _contents(material)
    yield keys_section(log) or ""
    beside = _Beside({each.dossier.item: each for each in material.items}, originals, side_by_side)
    for known in material.items:
        item = known.dossier.item
        yield item_section(
            known,
            material,
            original=originals.get(item),
            stays=stay.get(item, []),
            address=address(known) if item in originals else None,
            pairs=beside.of(known),
            log=log,
            veiled=item in veiled,
        )
        yield "\n"
    for tombstone in material.withdrawn_json():
        yield withdrawn_section(tombstone, log)
    yield _not_proved(log, material)
    yield "</main>\n</body>\n</html>\n"


MOST_BESIDE: Final = 12
"""Pairs drawn at one item at the most, at 150 KB of the page and 0.6 s of CPU each: some have hundreds of copies."""

_TOO_MANY: Final = (
    f"Not shown side by side here, because {MOST_BESIDE} others are; “archiver compare --picture” shows it of the two "
    "originals, which are both in this bundle."
)


class _Beside:
    """Related items side by side: each pair once in the page, at the item that comes first, and a link at the other."""

    def __init__(
        self,
        items: Mapping[str, Known],
        originals: Collection[str],
        side_by_side: Callable[[Known, Known], Html | None],
    ) -> None:
        self._items, self._originals, self._side_by_side = items, originals, side_by_side
        self._told: set[frozenset[str]] = set()

    def of(self, known: Known) -> dict[str, Html]:
        """What stands at this item, by the other one."""
        own, found, drawn = known.dossier.item, dict[str, Html](), 0
        for other in (tied.item for tied in known.dossier.relations if tied.item in self._items):
            if other in found or other == own:
                continue
            if own not in self._originals or other not in self._originals:
                missing = "They are not compared here: an original of the two is not in this bundle."
                found[other] = tag("p", missing, class_="small")
            elif frozenset((own, other)) in self._told:
                found[other] = told_elsewhere(own, other)
            elif drawn == MOST_BESIDE:
                found[other] = tag("p", _TOO_MANY, class_="small")
            elif pair := self._side_by_side(known, self._items[other]):
                found[other], drawn = pair, drawn + 1
                self._told.add(frozenset((own, other)))
        return found


def how_many(material: Material) -> str:
    """How many items there are, and how many withdrawn ones."""
    held, gone = counted(len(material.items), "item"), counted(len(material.withdrawn), "withdrawn item")
    return f"{held} and {gone}" if material.items and material.withdrawn else gone if material.withdrawn else held


def _head(title: str, material: Material, log: Log, made: str) -> Html:
    rows = (
        ("Made", f"{moment(made)}, {FOR[material.profile or Profile.COURT]}"),
        ("As of", material.as_of or "now"),
        ("Signed events", f"{len(log.opened)} open, {log.sealed} sealed, of the log's first {log.size}"),
        ("Root of the log", tag("code", log.root)),
        ("Fingerprint of the key", tag("code", log.key)),
        (
            "Trusted time",
            listed(_stamps(log)) if log.stamps else "none: all times here are the archive's own",
        ),
    )
    warning = (
        " in the bundle's folder, with the fingerprint that the archive told you on another way than this bundle. The "
        "one above is worth nothing by itself: whoever made a false bundle would have put their own there. VERIFY.md "
        "says how, and what each step proves."
    )
    command = tag("code", "bash verify.sh --key FINGERPRINT")
    check = (tag("strong", "Before you rely on this page: "), "run ", command, warning)
    facts = tag("dl", [(tag("dt", name), tag("dd", value)) for name, value in rows])
    return tag("header", tag("h1", title), facts, tag("div", check, class_="care"))


def _stamps(log: Log) -> Iterator[Content]:
    for each in log.stamps:
        first = f"the first {counted(each.size, 'event')} of the log"
        yield (
            f"{first} existed by {moment(each.time)}, as {each.authority} says",
            " (SHA-256 of its root certificate: ",
            tag("code", each.root),
            ")",
        )
    if log.unstamped:
        yield f"{counted(log.unstamped, 'event')} in this bundle came later, and no time stamp covers them"


def _contents(material: Material) -> Html:
    entries = [
        (
            tag("a", short(each.dossier.item), href=f"#{anchor(each.dossier.item)}"),
            f": {each.dossier.summary.media_type or 'unknown type'}, {each.dossier.status}",
            ", care is owed" if each.dossier.owed.needed else "",
        )
        for each in material.items
    ]
    gone = [
        (
            tag("a", short(each["item"]), href=f"#{withdrawn_anchor(each['item'])}"),
            f": withdrawn {moment(each['recorded'])}",
        )
        for each in material.withdrawn_json()
    ]
    last = tag("a", "What this bundle does not prove", href="#not-proved")
    return tag("section", tag("h2", "Items"), listed([*entries, *gone, last]))


def _not_proved(log: Log, material: Material) -> Html:
    told: list[Content] = [
        "That what was recorded is true. The log shows that nothing was altered after it was recorded.",
        "That the times are right: they are those of the archive's own clock.",
        "A time stamp, as long as its authority is trusted, says “not later than”; nothing says “not earlier than”.",
        "That nothing else is known: the archive can have recorded more later, and it chose what to hand over.",
        "That no newer event about an item was left out: of the end there is the archive's signed word alone.",
        "That the key is the archive's: compare the fingerprint with one from elsewhere.",
        "What this page says beyond the signed events. It is the archive's own account, signed as that.",
    ]
    if log.sealed:
        told.append(f"What {log.sealed} sealed events state. They are proved to stand in the log, and nothing else.")
    told += doubted(log)
    if material.withdrawn:
        told.append("What withdrawn items showed, and that no copy of them is left anywhere: see what is told of each.")
    parts = (tag("h2", "What this bundle does not prove"), tag("div", listed(told), class_="not"))
    withheld = [tag("h3", "Withheld by this profile, whether or not it is recorded"), listed(material.withheld)]
    return tag("section", parts, withheld if material.withheld else None, id="not-proved")
