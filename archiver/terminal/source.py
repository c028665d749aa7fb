"""``archiver source``: who published, who claims, who repeats; a command for each thing that is said of them."""

from __future__ import annotations

from archiver.terminal.group import Group

command = Group(
    "source",
    {
        "add": "Record a person, an organisation, a group or a program.",
        "edit": "Correct or add to a source; merge two records of one.",
        "account": "Record an account on a platform, and what the platform shows of it.",
        "affiliate": "Record that somebody asserts that one acts for another.",
        "show": "Everything that is known of one source.",
        "list": "Which sources are known.",
    },
    help="Sources: who published it, who claims something, who acts for whom.\n\n"
    "A source is an agent (a person, an organisation, a group, a program), by NAME or alias, or an account on a "
    "platform, PLATFORM:HANDLE. An account is not its operator: who acts for whom is asserted by somebody, with a "
    "basis, and can be disputed (`archiver assess affiliation:N`).",
)
