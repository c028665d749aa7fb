"""Times that somebody states, and moments of our own: kept to the letter, and comparable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from archiver.facts import edtf
from archiver.facts.values import instant, parse_instant


def offset_text(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


MINUTES = st.integers(-14 * 60, 14 * 60)
OFFSETS = st.one_of(st.just(""), st.just("Z"), MINUTES.map(offset_text))
QUALIFIERS = st.sampled_from(["", "?", "~", "%"])
FIRST, LAST = datetime(2, 1, 3), datetime(9998, 12, 28)  # noqa: DTZ001 - offsets are drawn apart; bounds reach into neighbours


@st.composite
def dates(draw: st.DrawFn) -> str:
    day = draw(st.dates(FIRST.date(), LAST.date()))
    year = f"{day.year:04d}"
    text = draw(
        st.sampled_from(
            [
                year,
                f"{year}-{day.month:02d}",
                f"{year}-{day.month:02d}-{day.day:02d}",
                f"{year}-{day.month:02d}-XX",
                f"{year}-XX",
                f"{year}-XX-XX",
                f"{year[:3]}X" if day.year >= 10 else year,
                f"{year[:2]}XX" if 100 <= day.year < 9900 else year,
            ]
        )
    )
    assume(not text.startswith(("000X", "999X")))
    return text + draw(QUALIFIERS)


@st.composite
def times(draw: st.DrawFn) -> str:
    moment = draw(st.datetimes(FIRST, LAST))
    text = moment.strftime("%Y-%m-%dT%H:%M").rjust(16, "0")
    if draw(st.booleans()):
        text += f":{moment.second:02d}"
        digits = draw(st.integers(0, 6))
        text += f".{moment.microsecond:06d}"[: digits + 1] if digits else ""
    return text + draw(OFFSETS) + draw(QUALIFIERS)


POINTS = st.one_of(dates(), times())


@st.composite
def intervals(draw: st.DrawFn) -> str:
    ends = st.one_of(POINTS, st.sampled_from(["", ".."]))
    text = f"{draw(ends)}/{draw(ends)}"
    try:
        edtf.parse(text)
    except ValueError:
        reject()
    return text


@given(st.one_of(POINTS, intervals()))
def test_a_stated_time_is_kept_to_the_letter_and_its_bounds_are_in_order(text: str) -> None:
    stated = edtf.parse(text)

    assert str(stated) == text
    assert edtf.parse(str(stated)) == stated
    if stated.earliest is not None and stated.latest is not None:
        assert stated.earliest <= stated.latest


@given(st.datetimes(FIRST, LAST), MINUTES)
def test_an_offset_moves_the_bounds_and_never_the_text(moment: datetime, minutes: int) -> None:
    text = moment.isoformat(timespec="seconds").rjust(19, "0")
    at_home = edtf.parse(text + "Z")
    there = edtf.parse(text + offset_text(minutes))
    anywhere = edtf.parse(text)

    assert at_home.earliest is not None
    assert at_home.latest is not None
    assert there.earliest == at_home.earliest - timedelta(minutes=minutes)
    assert there.latest == at_home.latest - timedelta(minutes=minutes)
    assert anywhere.earliest is not None
    assert anywhere.latest is not None
    if minutes >= -12 * 60:  # no place in use lies further west
        assert anywhere.earliest <= there.earliest
        assert there.latest <= anywhere.latest
    assert anywhere.latest - anywhere.earliest == timedelta(hours=26, seconds=1, microseconds=-1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "../..",
        "yesterday",
        "27.12.2024",
        "2024-13",
        "2023-02-29",
        "2024-12-27T25:00",
        "2024-12-27T14:05:00+15:00",
        "2024-12-27T14:05:00+09:60",
        "2024-12-27T14",
        "2024-12-27/2024-12-01",
        "٢٠٢٤",
        "2024-XX-27",
        "202X-12",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        edtf.parse(text)


@given(st.datetimes(FIRST, LAST, timezones=st.just(UTC)), MINUTES)
def test_a_moment_of_our_own_is_the_same_moment_again_whatever_its_offset(moment: datetime, minutes: int) -> None:
    there = moment.astimezone(timezone(timedelta(minutes=minutes)))

    text = instant(there)

    assert parse_instant(text) == there == moment
    assert instant(parse_instant(text)) == text == instant(moment)
    assert len(text) == 27


@given(st.lists(st.datetimes(FIRST, LAST, timezones=st.just(UTC)), min_size=2))
def test_the_order_of_moments_is_the_order_of_their_texts(moments: list[datetime]) -> None:
    assert [instant(moment) for moment in sorted(moments)] == sorted(instant(moment) for moment in moments)


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        instant(datetime(2024, 12, 27))  # noqa: DTZ001 - that is the point
