"""That pictures are to be drawn, and where: nothing that is there is written over unless that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import InputRefused

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Drawing:
    """What was asked for.

    Attributes:
        folder: where the pictures go.
        overwrite: the folder may hold something; pictures of the same names are replaced.
        show_sensitive: what care is owed to is drawn as it is, and not blurred.
    """

    folder: Path
    overwrite: bool = False
    show_sensitive: bool = False

    def ready(self) -> None:
        """Make the folder, or refuse it, before anything costs time.

        Raises:
            InputRefused: it is no folder, cannot be made, or holds something and may not.
        """
        folder = self.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not self.overwrite and any(folder.iterdir()):
                raise InputRefused(f"{folder} is not empty", hint="name a new folder, or say --overwrite")
        except FileExistsError:
            raise InputRefused(f"{folder} is no folder", hint="name a folder for the pictures") from None
        except OSError as error:
            raise InputRefused(f"{folder} cannot be used: {error.strerror}", hint="name another folder") from error
