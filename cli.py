"""The command line: words in, words out. No decision lives here.

``archiver --help`` answers from the table below without loading anything else; every other command loads its own module
and no more.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "init": "Make an archive, or join one that a store already holds.",
    "upload": "Take pictures in, with where they come from.",
    "manifest": "Print a manifest to fill in: one row a file, for `upload --manifest`.",
    "inspect": "What files say of themselves, and what is remarkable in them.",
    "find": "Have we this picture already, and what is known of it?",
    "compare": "Are two pictures the same, and what changed between them?",
    "show": "Everything that is known of one item.",
    "list": "Which items are held, newest first.",
    "get": "Write an item's bytes to a file, verified on the way.",
    "sight": "Record where an item was seen, and whether it still is there.",
    "claim": "Record what somebody states about an item.",
    "link": "Record that one claim supports, contradicts, refines or repeats another.",
    "source": "Who publishes and who claims: agents, accounts, affiliations.",
    "assess": "Record a named person's judgement of an item or a claim.",
    "relate": "Record how two items are related, or decide on what was suggested.",
    "review": "Walk the pairs that look alike and that nobody has decided on.",
    "duplicates": "What is held more than once: clusters of items that look alike.",
    "flag": "Say what care an item needs, and with whom it may be shared.",
    "tag": "Attach terms of some vocabulary to an item.",
    "case": "Cases: new, edit, add, show, list, close.",
    "hold": "Keep items from being deleted: retention, legal hold, release.",
    "withdraw": "Erase an item where law demands it, and leave a tombstone.",
    "fingerprints": "What pictures look like: made anew, given and got without them.",
    "export": "Write items, and what is known of them, for somebody.",
    "verify": "Check bytes, log and catalogue against one another.",
    "audit": "Read every copy in every store, record what was found, repair it.",
    "checkpoint": "The log's newest signed checkpoint, for keeping elsewhere.",
    "stamp": "Have the newest checkpoint stamped by time-stamping authorities.",
    "key": "The keys that sign the log: show, rotate, retire.",
    "store": "The stores that each hold the whole archive: add, list, remove.",
    "sync": "Fill each store with what it lacks and another one holds.",
    "status": "What the archive holds, where, and what its store guarantees.",
    "rebuild": "Make the catalogue anew from the store alone.",
}
"""Every command, in the order in which a newcomer meets them, with its one line of help."""

OPTIONS = {
    "--archive DIR": "The archive's directory (else $ARCHIVER_HOME, else the user's data directory).",
    "--actor NAME": "Who runs this command; named in every event (else $ARCHIVER_ACTOR, else the login name).",
    "--version": "Show the version and stop.",
    "--help": "Show this text and stop; after a command, that command's.",
}

EXITS = (
    "0 done, intact · 1 the answer is no: altered, missing, broken log · 2 usage · 3 input refused, or some inputs "
    "failed · 4 store · 5 catalogue · 6 the log does not add up · 70 a bug of ours · 130 interrupted · 141 whoever "
    "read the answer went away"
)


def help_text() -> str:
    """What ``archiver --help`` shows."""
    lines = [
        "Usage: archiver [--archive DIR] [--actor NAME] COMMAND …",
        "",
        "  Archive pictures as evidence: bytes kept untouched, every fact signed, look-alikes found again.",
        "",
        "Commands:",
        *(f"  {name:<12} {summary}" for name, summary in COMMANDS.items()),
        "",
        "Options:",
    ]
    for name, summary in OPTIONS.items():
        lines += [
            f"  {name:<15} {line}" if not n else f"  {'':<15} {line}" for n, line in enumerate(_fold(summary, 62))
        ]
    return "\n".join([*lines, "", "Exit codes:", *(f"  {line}" for line in _fold(EXITS, 76))])


def _fold(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


def _open_what_is_closed() -> None:
    """Let a standard stream that whoever started us had closed lead nowhere.

    Else the next file that is opened takes its number, and what is said would be written into a database.
    """
    while (opened := os.open(os.devnull, os.O_RDWR)) <= 2:  # noqa: PLR2004 - standard error
        os.set_inheritable(opened, True)  # noqa: FBT003 - the library's own form
    os.close(opened)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115 - to the end


def _end_in_order() -> None:
    """Have a closed terminal and a request to end do what Ctrl-C does: private copies go with the command."""
    for name in ("SIGHUP", "SIGTERM"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup(1) has it passed over
            signal.signal(number, signal.default_int_handler)


_OBJECTS = 50_000
"""How many more objects than before make the garbage collector look for circles, seventy times Python's own number."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _open_what_is_closed()
    try:
        if words in ([], ["--help"], ["-h"]):
            sys.stdout.write(help_text() + "\n")
            sys.stdout.flush()
            sys.exit(0)
        ours = arguments is None  # this process is for one command
        if ours:
            _end_in_order()
            gc.set_threshold(_OBJECTS)  # what a command loads stays: walking through it cost a tenth of a look-up
        from archiver.terminal.program import run  # noqa: PLC0415 - loads the parser, which plain help does without

        code = run(words, COMMANDS, help_text)
        if ours:
            gc.freeze()  # or all of it is walked through once more, to free what the system frees anyway
        sys.exit(code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


if __name__ == "__main__":
    main()
