"""The six questions that WITNESS asks of a video or a picture before it can be evidence, answered from the record.

Who captured it, and when? Who had access to it? Was it altered since? By whom? Can that be repeated? Was it altered
later? Each answer says what it rests on, and says *not known* where nobody stated anything. What the file says of
itself is never an answer, but what the file says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.export.apart import WITHHELD
from archiver.export.markup import Html, content, listed, said, tag
from archiver.facts.vocabulary import Profile
from archiver.render import moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.export.markup import Content
    from archiver.export.report_log import Log
    from archiver.known import Known


def six_questions(known: Known, profile: Profile, log: Log, *, original: str | None) -> Html:
    """Questions and answers.

    Args:
        known: what is known of the item, cut for whoever reads.
        profile: for whom.
        log: what is told of the log: which events go along opened, and by when they existed.
        original: where the original lies, if it goes along.
    """
    answers: tuple[tuple[str, Iterator[Content]], ...] = (
        ("1. Who captured it, and when?", _captured(known)),
        ("2. Who had access to it?", _access(known, profile)),
        ("3. Was it altered since it was taken in?", _altered(known, log, original=original)),
        ("4. If it was altered: by whom?", _by_whom(known)),
        ("5. Can this be repeated?", _repeatable(original=original)),
        ("6. Are there later alterations?", _later(known)),
    )
    return content([(tag("h4", question), listed(answer)) for question, answer in answers])


def _captured(known: Known) -> Iterator[Content]:
    stated = False
    for found in known.dossier.inspections[-1:]:
        told = [name for name in ("captured", "camera") if found.get(name)]
        if told:
            stated = True
            yield (
                "The file says of itself: ",
                "; ".join(f"{name} {found[name]}" for name in told),
                ". Anybody can write that into a file; it is no proof.",
            )
    if not stated:
        yield "The file says nothing of it that is shown here."
    first = known.origins.first
    if first is not None:
        when, basis = first.time()
        yield (
            f"The earliest sighting known is #{first.number}: {when} ({basis})",
            _by(first.publisher or first.account),
        )
    elif known.origins.first_withheld:
        yield "The earliest sighting is withheld here."
    else:
        yield "No sighting is recorded."
    yield "Who pressed the button is not known from this record, unless a claim below says so."


def _by(name: str | None) -> Content:
    return (", by ", said(name), ".") if name else "."


def _access(known: Known, profile: Profile) -> Iterator[Content]:
    for taken in known.dossier.acquisitions:
        collector = (", collected by ", said(taken.collector)) if taken.collector else None
        source = (", from ", said(taken.source)) if taken.source else None
        actor = None if taken.actor in (None, WITHHELD) else (", recorded by ", said(taken.actor))
        yield f"#{taken.number}: it came in on {moment(taken.taken_in)} ({taken.method})", source, collector, actor, "."
    for copy in known.dossier.copies:
        yield f"#{copy.number}: a copy lies in the store ", said(copy.store), f" ({copy.check})."
    for check in known.dossier.checks:
        when = moment(check.started)
        yield (
            f"#{check.number}: its copy was last read and found whole on {when}, in the store ",
            said(check.store),
            ".",
        )
    for failure in known.dossier.failures:
        when = moment(failure.observed)
        yield f"#{failure.number}: a copy was found {failure.fault} on {when}, in the store ", said(failure.store), "."
    for repair in known.dossier.repairs:
        when = moment(repair.repaired)
        yield f"#{repair.number}: that copy was restored on {when}, in the store ", said(repair.store), "."
    for left in known.dossier.disclosures:
        went = "with" if left.bytes_included else "without"
        to = said(left.recipient) if left.recipient else "somebody who is not named"
        yield (
            f"#{left.number}: it was handed over on {moment(left.disclosed)} to ",
            to,
            f" ({left.profile}), {went} its original.",
        )
    if profile is not Profile.COURT:
        yield "Who collected it, where copies lie and to whom it was handed over before is withheld here."
    yield "Who had it before it came in is not known beyond what the sightings say."


def _altered(known: Known, log: Log, *, original: str | None) -> Iterator[Content]:
    first = min((taken.number for taken in known.dossier.acquisitions), default=None)
    if original is None:
        yield "The original is not in this bundle, so it cannot be compared here."
    elif first in log.opened:
        yield "Not by one bit: the SHA-256 of the original in this bundle is the one in its signed acquisition event."
    else:
        yield (
            "The SHA-256 of the original in this bundle is the one that the archive states and signs here. "
            "The event of its acquisition is sealed, so it is not proved from the log."
        )
    stamped = None if first is None else log.existed(first)
    if stamped is not None:
        yield (
            f"Event #{first}, its acquisition, existed by {moment(stamped.time)}, as the time-stamping authority "
            f"{stamped.authority} says, whatever the archive's own clock said."
        )
    yield "That covers the time since it was taken in. What happened before, no digest tells."


def _by_whom(known: Known) -> Iterator[Content]:
    found = False
    for tied in known.dossier.relations:
        if tied.state == "confirmed" and tied.direction == "derived-from-it":
            found = True
            yield f"#{tied.number}: it is derived from another item", _how(tied.action), _by(tied.by)
    if not found:
        yield "Nobody has recorded that it was made from another item."


def _how(action: str | None) -> str:
    return f" ({action})" if action else ""


def _repeatable(*, original: str | None) -> Iterator[Content]:
    yield "Yes, with no program of the archive: ", tag("code", "bash verify.sh"), " checks all that is proved here."
    if original is not None:
        yield "The digest alone: ", tag("code", f"sha256sum data/{original}")
    yield "Who looked, with which program and version, stands with every fact. Judgements state their basis and method."


def _later(known: Known) -> Iterator[Content]:
    found = False
    for tied in known.dossier.relations:
        if tied.state == "confirmed" and tied.direction == "source-of-it":
            found = True
            yield f"#{tied.number}: another item is derived from it", _how(tied.action), _by(tied.by)
    for copy in known.copies:
        found = True
        yield "Another file shows the same picture, as a person confirmed: ", tag("code", copy)
    waiting = sum(tied.state == "suggested" for tied in known.dossier.relations)
    if waiting:
        found = True
        yield f"{waiting} suggested by a program, which nobody decided on yet."
    if not found:
        yield "None is recorded."
