"""Options that several commands share, each defined once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

Function = TypeVar("Function", bound="Callable[..., Any]")

as_json = click.option("--json", "as_json", is_flag=True, help="Answer with JSON on standard output.")

as_of = click.option(
    "--as-of", metavar="WHEN", help="What was known then: a time (UTC unless said), or an event, event:123."
)


def choice(kind: type[StrEnum]) -> click.Choice[str]:
    """A closed vocabulary as the words of an option."""
    return click.Choice([str(member) for member in kind])


def radius(function: Function) -> Function:
    """``--radius N``."""
    return click.option(
        "--radius",
        type=int,
        default=65,  # archiver.fingerprint.algorithm.DEFAULT_RADIUS, which would load numpy here; a test compares them
        show_default=True,
        metavar="N",
        help="Within how many bits of 256 a look counts as alike.",
    )(function)
