"""``archiver key``: which keys sign the log; a command for each thing that is done about them."""

from __future__ import annotations

from archiver.terminal.group import Group

command = Group(
    "key",
    {
        "show": "Every key of the log, and what lies here of them.",
        "rotate": "Have a new key sign from now on.",
        "retire": "Say that a former key is not to be trusted, and since when.",
    },
    help="The keys that sign the log.\n\n"
    "Trust begins at the first one, which archive.toml pins by its fingerprint, and runs along the log: each key signs "
    "that it gives way to the next. Publish the newest fingerprint where nobody who runs the archive can change it.",
)
