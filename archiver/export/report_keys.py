"""The keys of the log in the report: which of them signed what, and what somebody else may have signed.

The law: a signature says who *could* sign. Where the archive itself says that somebody else could, the page says so
before anything else, at each item that it concerns, and among what is not proved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.export.markup import Html, content, listed, said, tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archiver.export.markup import Content
    from archiver.export.report_log import Log, Signer


def keys_section(log: Log) -> Html | None:
    """The keys, one after the other; nothing where one key signed all of it and is trusted."""
    if len(log.signers) == 1 and not log.doubtful:
        return None
    warning = tag("div", tag("strong", "Signatures in doubt. "), listed(_doubts(log)), class_="care")
    return tag(
        "section",
        tag("h2", "The keys of the log"),
        warning if log.doubtful else None,
        tag("p", "Each key signed that it gives way to the next, and the next that it takes over (data/keys.txt)."),
        [_key(each) for each in log.signers],
        id="keys",
    )


def doubted(log: Log) -> Iterator[Content]:
    """What is not proved of the log because of its keys."""
    for each in log.doubtful:
        yield f"Who signed {_range(each)} of the log: the archive says itself that somebody else may have had the key."


def doubted_of(log: Log, numbers: Iterable[int]) -> Iterator[Content]:
    """The same of an item, whose facts have these numbers."""
    found = sorted(number for number in set(numbers) if log.in_doubt(number))
    if found:
        told = ", ".join(f"#{number}" for number in found)
        yield (
            f"By whom these of its facts were recorded: {told}. Somebody else may have had the key then; see ",
            tag("a", "the keys of the log", href="#keys"),
            ".",
        )


def _key(signer: Signer) -> Html:
    to = "on" if signer.until is None else f"to #{signer.until - 1}"
    signed = f"It signed the events from #{signer.since} {to}"
    standing = ", and is in force." if signer.until is None else "."
    why = tag("p", "It was brought in because: ", said(signer.why)) if signer.why else None
    return content((tag("h4", tag("code", signer.key)), tag("p", signed, standing), why, _retired(signer)))


def _range(signer: Signer) -> str:
    first, last = signer.doubtful or (0, 0)
    return f"event #{first}" if first == last else f"the events #{first} to #{last}"


def _retired(signer: Signer) -> Html | None:
    if signer.retired is None:
        return None
    doubt = f"In doubt: {_range(signer)}." if signer.doubtful else "Nothing that it signed is in doubt."
    why = (", because: ", said(signer.retired_why)) if signer.retired_why else None
    return tag("p", f"Event #{signer.retired} declares that it is not to be trusted any more", why, ". ", doubt)


def _doubts(log: Log) -> Iterator[Content]:
    for each in log.doubtful:
        so_it_says = (
            f": so the archive says itself, in event #{each.retired}. What was stamped, or kept elsewhere with a "
            "checkpoint, before somebody else had the key is not in doubt."
        )
        yield f"Somebody else may have signed {_range(each)} with the key ", tag("code", each.key[:12]), so_it_says
