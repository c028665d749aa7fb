"""What is remarkable about a file's content credentials, told from what was read of them (``credentials``).

Made by whoever asked for the inspection, not by the child that read the file: the same words for the same answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from archiver.facts.findings import FindingCode, by_weight
from archiver.inspection.credentials import Answer, State, signer_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.facts.inspection import Finding

MOST: Final = 30
"""Findings about one file's credentials; a list of a hundred generated parts says no more than thirty of them."""

GENERATED: Final = frozenset(
    {"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "trainedAlgorithmicData"}
)
"""Last parts of the digital source types (IPTC NewsCodes 2025; C2PA 2.2) that say: made by a trained model."""


def findings(credentials: dict[str, Any]) -> list[Finding]:
    """What is remarkable about credentials of this form, the gravest first."""
    found = sorted(_findings(credentials), key=lambda finding: by_weight(finding["code"]))
    return found[:MOST]


def _findings(credentials: dict[str, Any]) -> Iterator[Finding]:
    place = credentials["place"] or {}
    detail = credentials["detail"] or "no reason is known"
    match State(credentials["state"]):
        case State.UNREAD:
            yield _finding(FindingCode.CREDENTIALS_UNREAD, detail, place)
        case State.UNFINISHED:
            yield _finding(FindingCode.CREDENTIALS_UNREAD, f"reading them did not end well: {detail}", place)
        case State.UNREADABLE:
            yield _finding(FindingCode.CREDENTIALS_BROKEN, f"the reader refused them: {detail}", place)
        case State.REMOTE:
            yield _finding(FindingCode.CREDENTIALS_REMOTE, f"the address is {credentials['remote']}", {})
        case State.READ:
            yield from _of_answers(credentials, place)
            yield from _of_actions(credentials, place)


def _of_answers(credentials: dict[str, Any], place: dict[str, int]) -> Iterator[Finding]:
    failed = ", ".join(sorted({each["code"] for each in credentials["codes"]["failure"] if not each["ingredient"]}))
    codes = f" ({failed})" if failed else ""
    if credentials["integrity"] == Answer.DOES_NOT_HOLD:
        yield _finding(
            FindingCode.CREDENTIALS_MISMATCH, f"the bytes are not those that they were made for{codes}", place
        )
    elif credentials["integrity"] != Answer.HOLDS:
        words = f"they do not say in a form that can be checked which bytes they are for{codes}"
        yield _finding(FindingCode.CREDENTIALS_BROKEN, words, place)
    if credentials["signature"] != Answer.HOLDS:
        words = f"the signature, or what it covers, does not hold{codes}"
        yield _finding(FindingCode.CREDENTIALS_BROKEN, words, place)
    for manifest in credentials["manifests"]:
        for ingredient in manifest["ingredients"]:
            if ingredient["credentials"] == Answer.DOES_NOT_HOLD:
                name = f"{ingredient['title'] or 'without a title'} ({', '.join(ingredient['failed'])})"
                yield _finding(FindingCode.CREDENTIALS_BROKEN, f"those of an ingredient do not hold: {name}", place)
    if credentials["signature"] == Answer.HOLDS and (doubt := _doubt(credentials, codes)):
        yield _finding(FindingCode.CREDENTIALS_UNTRUSTED, doubt, place)


def _doubt(credentials: dict[str, Any], codes: str) -> str | None:
    """Why the signer, or when it signed, is not vouched for; none where both are."""
    signer = signer_of(credentials) or "somebody unnamed"
    if credentials["certificate"] == Answer.DOES_NOT_HOLD:
        return f"the certificate of {signer} is not fit, or not shown to have been valid when it signed{codes}"
    if credentials["trust"] == Answer.NOT_ASKED:
        return f"signed by {signer}; no trust list is set, so nobody was asked"
    if credentials["trust"] != Answer.HOLDS:
        return f"signed by {signer}, for whom the trust list does not vouch"
    if credentials["certificate"] != Answer.HOLDS:
        return f"signed by {signer}; when is not shown, as nobody vouches for the authority of the time stamp"
    return None


def _of_actions(credentials: dict[str, Any], place: dict[str, int]) -> Iterator[Finding]:
    for number, manifest in enumerate(credentials["manifests"]):
        for action in manifest["actions"]:
            if (action["source_type"] or "").rpartition("/")[2] not in GENERATED:
                continue
            agent = f" by {action['agent']}" if action["agent"] else ""
            where = f" in the credentials of an ingredient, {manifest['title'] or manifest['label']}" if number else ""
            said = f"{action['action']}{agent}{where}: {action['source_type']}"
            yield _finding(FindingCode.GENERATED_DECLARED, f"content credentials say {said}", place)


def _finding(code: FindingCode, detail: str, place: dict[str, int]) -> Finding:
    return {"code": str(code), "detail": detail[:900], **place}  # type: ignore[typeddict-item] # offset and length
