"""A graph of named things, collected piece by piece and written in one order, whatever order it was collected in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.export.vocabulary import Names, item_name, moment, ni_name, reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from archiver.catalogue.recordings import Recording


@dataclass
class Graph:
    """What is said so far, thing by thing.

    Attributes:
        names: how things are named.
        recordings: who recorded the facts, by number.
    """

    names: Names
    recordings: Mapping[int, Recording]
    _things: dict[str, dict[str, list[Any]]] = field(default_factory=dict)

    def say(self, name: str, types: Iterable[str] = (), /, **said: Any) -> dict[str, str]:
        """Say something of a thing (``prov__used`` is ``prov:used``), and refer to it.

        ``None`` and an empty list say nothing; what was said before stays.
        """
        thing = self._things.setdefault(name, {})
        _add(thing, "@type", list(types))
        for key, value in said.items():
            _add(thing, key.replace("__", ":"), value if isinstance(value, list) else [value])
        return reference(name)

    def fact(self, number: int, types: Iterable[str], /, **said: Any) -> dict[str, str]:
        """Say what a numbered fact states, with who recorded it, when and with what."""
        recording = self.recordings.get(number)
        if recording is not None:
            said["archiver__recordedAt"] = moment(recording.recorded)
            said["archiver__recordedWith"] = self.program(recording.tool)
            if recording.actor is not None:
                said["archiver__recordedBy"] = self.person(recording.actor, "prov:Agent")
        return self.say(self.names.fact(number), types, archiver__number=number, **said)

    def part(self, number: int, word: str, kind: str, /, **said: Any) -> dict[str, str]:
        """Say a part of what a numbered fact states; every part has a name, so that no reader has to make one up."""
        return self.say(f"{self.names.fact(number)}:{word}", ("prov:Entity", kind), **said)

    def person(self, name: str | None, *types: str) -> dict[str, str] | None:
        """Somebody who worked with the archive, by name: a person unless other types are said."""
        if name is None:
            return None
        chosen = types or ("prov:Agent", "prov:Person", "schema:Person")
        return self.say(self.names.person(name), chosen, schema__name=name)

    def source(self, identity: str | None) -> dict[str, str] | None:
        """An agent or an account, by identity; ``sources`` says who that is."""
        return None if identity is None else reference(self.names.source(identity))

    def numbered(self, number: int | None) -> dict[str, str] | None:
        """What a numbered fact states, of which something is said elsewhere."""
        return None if number is None else reference(self.names.fact(number))

    def program(self, name: str) -> dict[str, str]:
        """A program, by its name and version."""
        kinds = ("prov:Agent", "prov:SoftwareAgent", "schema:SoftwareApplication")
        return self.say(self.names.program(name), kinds, schema__name=name)

    def item(self, sha256: str) -> dict[str, str]:
        """An item, of which perhaps nothing is said but which bytes it is."""
        return self.say(
            item_name(sha256),
            ("prov:Entity", "schema:MediaObject"),
            schema__sha256=sha256,
            schema__identifier=ni_name(sha256),
        )

    def things(self) -> list[dict[str, Any]]:
        """All that was said, in order."""
        return [
            {"@id": name}
            | {
                key: values[0] if len(values) == 1 and key != "@type" else sorted(values, key=_order)
                for key, values in sorted(thing.items())
            }
            for name, thing in sorted(self._things.items())
        ]


def _add(thing: dict[str, list[Any]], key: str, values: list[Any]) -> None:
    for value in values:
        if value is not None and not any(_order(value) == _order(held) for held in thing.get(key, ())):
            thing.setdefault(key, []).append(value)


def _order(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
