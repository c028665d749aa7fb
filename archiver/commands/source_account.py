"""``archiver source account``: an account on a platform, and what the platform shows of it. It is not its operator.

What is not named keeps the value that it had. The platform's own number is what stays when a handle changes: two
handles with one number are one account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.catalogue.sources import accounts_called, members_of
from archiver.errors import UsageError
from archiver.facts.source import Account, AccountProfile
from archiver.provenance import account_of, checked

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact


@dataclass(frozen=True, slots=True)
class AccountRecorded:
    """The account as recorded.

    Attributes:
        number: of the account.
        profile: the number of what the platform shows; none where nothing was said of that.
        same_as: other handles of the same account.
        was: the platform's number of this handle before, where it is another one now: somebody else has the handle.
        added: whether anything was recorded that was not recorded before.
    """

    number: int
    account: str
    identity: str
    profile: int | None
    platform_id: str | None
    display_name: str | None
    same_as: list[str]
    was: str | None
    added: bool


def source_account(
    archive: Archive,
    account: str,
    *,
    platform_id: str | None = None,
    display_name: str | None = None,
    url: str | None = None,
    by: str | None = None,
) -> AccountRecorded:
    """Record an account and what its platform shows of it.

    Raises:
        UsageError: the account or a word is malformed.
    """
    named = account_of("the account", account)
    said = {"platform_id": platform_id, "display_name": display_name, "url": url, "by": by}
    said = {name: value for name, value in said.items() if value is not None}
    if set(said) == {"by"}:
        raise UsageError(
            "--by says who looked it up, and nothing was found", hint="say --platform-id or --display-name"
        )
    accounts: list[Account] = []
    profiles: list[AccountProfile] = []
    before: dict[str, str] = {}

    def build(questions: Questions) -> list[Fact]:
        found = accounts_called(questions, str(named))
        held = Account.parse(found[0].name) if len(found) == 1 else named
        accounts[:] = [held]
        if said:
            standing = questions.standing("account-profile", [held.subject()]).get(held.subject())
            known = standing.statement if standing else {"account": held.subject(), "platform": held.platform}
            before.update({name: str(value) for name, value in known.items()})
            if "by" in known and "by" not in said and known | said != known:
                known = {name: value for name, value in known.items() if name != "by"}  # another look, by nobody named
            profiles[:] = [checked(AccountProfile, "platform-id", **(known | said), observed=archive.now)]
        return [*accounts, *profiles]

    recorded = archive.record(build)
    held, profile = accounts[0], profiles[0] if profiles else None
    with archive.asking() as questions:
        others = questions.standing("account-profile", [held.subject()])
        shown = others[held.subject()].statement if others else {}
        members = members_of(questions, [held.identity()])
        handles = _handles(questions, [member for member in members if member != held.identity()])
    was = before.get("platform_id")
    return AccountRecorded(
        number=recorded.numbers[held.identity()],
        account=str(held),
        identity=held.identity(),
        profile=recorded.numbers[profile.identity()] if profile else None,
        platform_id=shown.get("platform_id"),
        display_name=shown.get("display_name"),
        same_as=handles,
        was=was if was != shown.get("platform_id") else None,
        added=bool(recorded.new),
    )


def _handles(questions: Questions, accounts: list[str]) -> list[str]:
    numbers = sorted(questions.numbers(accounts).values())
    rows = [questions.row_of_event("account", number) for number in numbers]
    return [f"{row['platform']}:{row['handle']}" for row in rows if row]
