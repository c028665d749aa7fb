"""``archiver fingerprints``: what pictures look like, given to other archives and got from them; a command for each."""

from __future__ import annotations

from archiver.terminal.group import Group

command = Group(
    "fingerprints",
    {
        "build": "Make what is lacking, of everything that is held.",
        "export": "Write a list of what is held, without pictures and without names.",
        "import": "Take in a list that somebody gave us, to be looked in from now on.",
        "lists": "Which lists others gave us.",
        "withdraw": "Say that a list no longer stands.",
        "ask": "Answer another archive's list: what do we hold of it?",
    },
    help="Fingerprints: what pictures look like, in bits.\n\n"
    "A list of them asks another archive *do you hold this?* without giving it a picture. What a list gives away all "
    "the same is said in docs/interchange.md: read it before you hand one out.",
)
