"""``archiver store``: the stores that each hold the whole archive; a command for each."""

from __future__ import annotations

from archiver.terminal.group import Group

command = Group(
    "store",
    {
        "add": "Another place that holds the whole archive, from now on.",
        "list": "Each store, what it guarantees, and how much of the archive it holds.",
        "remove": "A store holds the archive no longer; its bytes stay where they are.",
    },
    help="The stores that each hold the whole archive.\n\n"
    "An upload is acknowledged when all that are required hold its bytes. What a store lacks, `archiver sync` brings.",
)
