"""Columns that give back values of their own type, or say that the catalogue is damaged.

The law: nothing that was read from a column is of another kind than the projection writes there. SQLite keeps what it
is given, whatever a column was declared as, and either database lets its owner declare a column anew; text in a
number's place would be compared and counted by whoever asks next. So each value is looked at where it leaves the
database: its kind, the words of a closed vocabulary, and the pattern of a text that has one. Whether a value is the
*right* one is not told here: ``verify`` holds every row against the log.

No value (NULL) passes: an aggregate of no rows has the type of its column.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Any, get_args, get_origin

import sqlalchemy as sa
from sqlmodel import AutoString

from archiver.catalogue.damage import value_damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlmodel import SQLModel

    from archiver.errors import CatalogueDamaged

    Processor = Callable[[Any], Any]


class Typed(sa.types.TypeDecorator[Any]):
    """A column's type, and a look at what comes from the database before that makes a value of it.

    Args:
        impl: the type that the database knows.
        where: table and column, as they are named to people.
        words: the closed vocabulary of its values; none where it has none.
        pattern: what its text matches whole; empty for any text.
        made_of: of JSON: the kind of the whole, and of each part of a list where that is told.
    """

    impl: sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]] = sa.String
    cache_ok = True

    def __init__(
        self,
        impl: sa.types.TypeEngine[Any],
        where: str,
        words: frozenset[str] | None = None,
        pattern: str = "",
        made_of: tuple[type, ...] = (),
    ) -> None:
        self.impl = sa.String() if isinstance(impl, AutoString) else impl  # as ``TypeDecorator`` itself does
        self.where = where
        self.words = words
        self.pattern = pattern
        self.made_of = made_of

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Processor:
        """What looks at each value, and then does what the type itself does."""
        inner = super().result_processor(dialect, coltype)
        if self.words is not None:
            return self._of_vocabulary(self.words)
        match self.impl:
            case sa.JSON():
                return self._structured(inner)
            case sa.Boolean():
                return self._of_kinds((bool, int), inner)
            case sa.Float():
                return self._of_kinds((float, int), inner)
            case sa.Integer():
                return self._of_kinds((int,), inner)
            case _:
                return self._text(re.compile(self.pattern).fullmatch if self.pattern else None)

    def _of_vocabulary(self, words: frozenset[str]) -> Processor:
        def told(value: Any) -> Any:
            if value is None or value in words:
                return value
            raise self._damaged(value)

        return told

    def _of_kinds(self, kinds: tuple[type, ...], inner: Processor | None) -> Processor:
        def told(value: Any) -> Any:
            if value is not None and value.__class__ not in kinds:
                raise self._damaged(value)
            return value if inner is None else inner(value)

        return told

    def _text(self, matches: Callable[[str], object] | None) -> Processor:
        def told(value: Any) -> Any:
            if value is None or (value.__class__ is str and (matches is None or matches(value))):
                return value
            raise self._damaged(value)

        return told

    def _structured(self, inner: Processor | None) -> Processor:
        whole: type = self.made_of[0] if self.made_of else object
        parts: type = self.made_of[-1] if whole is list and len(self.made_of) > 1 else object

        def told(value: Any) -> Any:
            try:
                read = value if inner is None or value is None else inner(value)
            except (ValueError, TypeError, RecursionError) as error:
                raise self._damaged(value) from error
            if read is None or (
                isinstance(read, whole)
                and (not isinstance(read, list) or all(isinstance(part, parts) for part in read))
            ):
                return read
            raise self._damaged(value)

        return told

    def _damaged(self, value: Any) -> CatalogueDamaged:
        return value_damaged(value, self.where)


def typed(column: sa.Column[Any], row: type[SQLModel]) -> Typed:
    """The column's type with the look at what it gives, as far as the row, or the fact in it, says what that may be."""
    fields = [found for each in row.__mro__ if (found := getattr(each, "model_fields", {}).get(column.name))]
    parts = [part for field in fields for part in _parts(field.annotation, field.metadata)]
    words = [part for part in parts if isinstance(part, type) and issubclass(part, Enum)]
    patterns = [str(part.pattern) for part in parts if getattr(part, "pattern", None)]
    return Typed(
        column.type,
        f"{row.__tablename__}.{column.name}",
        frozenset(str(each.value) for each in words[0]) if words else None,
        patterns[0] if patterns else "",
        _made_of(fields[0].annotation) if isinstance(column.type, sa.JSON) else (),
    )


def as_it_lies(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """The column without the look: for whoever names what is wrong with each row."""
    of = column.type.impl if isinstance(column.type, Typed) else column.type
    return sa.type_coerce(column, of).label(column.name)


def _made_of(annotation: Any) -> tuple[type, ...]:
    """Of a list: that, and the kind of its parts where it is a plain one; of anything else that is an object: that."""
    for each in (annotation, *get_args(annotation)):
        origin = get_origin(each)
        if origin in {list, tuple}:
            part = get_args(each)[0]
            return (list, part) if part in {int, str} else (list,)
        if origin is dict:
            return (dict,)
    return ()


def _parts(annotation: Any, metadata: Iterable[Any]) -> Iterator[Any]:
    """What an annotation is made of, one deep in ``Optional`` and ``Annotated``."""
    yield from metadata
    yield annotation
    if get_origin(annotation) not in {list, tuple, dict, set, frozenset}:
        for each in get_args(annotation):
            yield from _parts(each, getattr(each, "__metadata__", ()))
