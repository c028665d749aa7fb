"""``archiver manifest``, in words."""

from __future__ import annotations

import click

from archiver.manifest.columns import Format
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import show, tell


@click.group("manifest")
def command() -> None:
    """Manifests: one row a file, with all that is known of where it comes from, for `archiver upload --manifest`."""


@command.command("template")
@click.option("--format", "layout", type=choice(Format), default="csv", show_default=True, help="How it is written.")
@as_json
def template(layout: str, as_json: bool) -> None:
    """Print a manifest with every column and two rows to write over."""
    from archiver.commands.manifest_template import manifest_template  # noqa: PLC0415 - as in every command

    text = manifest_template(Format(layout))
    if as_json:
        tell({"format": layout, "template": text})
    else:
        show(text.removesuffix("\n"))
