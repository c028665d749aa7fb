"""``archiver manifest template``: a manifest to begin with. No archive is needed for it, and none is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.manifest.template import template

if TYPE_CHECKING:
    from archiver.manifest.columns import Format


def manifest_template(layout: Format) -> str:
    """Every column, and two rows that may be handed in as they stand."""
    return "".join(template(layout))
