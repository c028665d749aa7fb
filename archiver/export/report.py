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
from typing import TYPE_CHECKING, Any

from archiver.export.markup import Html, listed, tag, void
from archiver.export.report_item import anchor, item_section
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
    """
    style = (files("archiver.export") / "stranger" / "report.css").read_text(encoding="utf-8")
    allowed = base64.b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    title = f"{counted(len(material.items), 'item')} of the archive {material.origin}"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield void("meta", **{"http-equiv": "Content-Security-Policy", "content": policy})
    yield void("meta", name="referrer", content="no-referrer")
    yield void("meta", name="viewport", content="width=device-width, initial-scale=1")
    yield tag("title", title) + f"\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
    yield _head(title, material, log, made)
    yield _contents(material)
    by_item = {each.dossier.item: each for each in material.items}
    for known in material.items:
        item = known.dossier.item
        related = {tied.item for tied in known.dossier.relations if tied.item in by_item}
        pictures = {
            each: made_of for each in sorted({item, *related} & originals.keys()) if (made_of := address(by_item[each]))
        }
        yield item_section(
            known,
            material,
            original=originals.get(item),
            stays=stay.get(item, []),
            pictures=pictures,
            log=log,
            veiled=item in veiled,
        )
        yield "\n"
    yield _not_proved(log, material)
    yield "</main>\n</body>\n</html>\n"


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
            ", care is owed" if each.dossier.owed.guarded else "",
        )
        for each in material.items
    ]
    gone = [
        (tag("span", short(each["item"])), f": withdrawn {moment(each['recorded'])}", _by_order_of(each))
        for each in material.withdrawn_json()
    ]
    last = tag("a", "What this bundle does not prove", href="#not-proved")
    return tag("section", tag("h2", "Items"), listed([*entries, *gone, last]))


def _by_order_of(tombstone: Mapping[str, Any]) -> str:
    return f", by order of {tombstone['authority']}: {tombstone['reason']}" if "authority" in tombstone else ""


def _not_proved(log: Log, material: Material) -> Html:
    told = [
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
    parts = (tag("h2", "What this bundle does not prove"), tag("div", listed(told), class_="not"))
    withheld = [tag("h3", "Withheld by this profile, whether or not it is recorded"), listed(material.withheld)]
    return tag("section", parts, withheld if material.withheld else None, id="not-proved")
