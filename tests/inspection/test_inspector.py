"""However an inspection is asked for, the same file gives the same report."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from archiver.errors import InspectionError
from archiver.fingerprint import perceptual
from archiver.fingerprint.orientations import NAMES
from archiver.inspection import facts, launch, wire
from archiver.inspection.inspector import ForkingInspector, FreshInspector, InspectionServer, Inspector, for_one_file
from archiver.inspection.limits import Limits
from archiver.inspection.sanity.claims import Context
from archiver.inspection.wanted import Wanted

if TYPE_CHECKING:
    from tests.fingerprint.drawn import Drawn


NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALL = Wanted(pixel_digest=True, turned=True, grey=700, colour=300)


@pytest.fixture
def files(tmp_path: Path, drawn: Drawn) -> list[Path]:
    scene = drawn.scene()
    exif = Image.Exif()
    exif[0x0112] = 6
    for form in ("JPEG", "PNG", "WEBP", "AVIF", "TIFF"):
        scene.save(tmp_path / form, form, exif=exif)
    scene.save(tmp_path / "GIF", "GIF", save_all=True, append_images=[drawn.scene(seed=1)])
    pillow_heif.from_pillow(scene).save(tmp_path / "HEIC")
    whole = drawn.jpeg(scene)
    (tmp_path / "truncated").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text").write_text("no picture")
    (tmp_path / "empty").write_bytes(b"")
    return sorted(tmp_path.iterdir())


def test_all_ways_give_the_same_report(files: list[Path], server: InspectionServer, forking: ForkingInspector) -> None:
    for path in files:
        one = forking.inspect(path, ALL)
        assert one == server.inspect(path, ALL)
        if path.name in {"JPEG", "text", "HEIC"}:
            assert one == FreshInspector().inspect(path, ALL)


@pytest.mark.parametrize("name", ["PNG", "JPEG", "rotated"])
def test_a_reduced_picture_is_the_upright_one_in_the_size_asked_for(
    name: str, tmp_path: Path, drawn: Drawn, server: InspectionServer
) -> None:
    scene = drawn.scene().resize((1600, 1200))
    exif = Image.Exif()
    exif[0x0112] = 6 if name == "rotated" else 1
    stored = scene.transpose(Image.Transpose.ROTATE_90) if name == "rotated" else scene
    stored.save(tmp_path / "picture", "PNG" if name == "PNG" else "JPEG", exif=exif, quality=95)
    for longest in (400, 512, 1000):
        found = server.inspect(tmp_path / "picture", Wanted(grey=longest, colour=longest))
        assert found.grey is not None
        assert found.colour is not None
        for raster, mode in ((found.grey, "L"), (found.colour, "RGB")):
            assert (raster.width, raster.height) == (longest, longest * 3 // 4)
            expected = scene.convert(mode).resize((raster.width, raster.height), Image.Resampling.BOX)
            difference = np.abs(raster.array().astype(int) - np.asarray(expected).astype(int))
            assert difference.mean() < 2.5
        assert found.look == server.inspect(tmp_path / "picture").look


def test_a_small_picture_is_not_enlarged(tmp_path: Path, server: InspectionServer) -> None:
    Image.linear_gradient("L").resize((40, 30)).save(tmp_path / "small", "PNG")
    found = server.inspect(tmp_path / "small", Wanted(grey=512, colour=512))
    assert found.grey is not None
    assert found.colour is not None
    assert found.grey.array().shape == (30, 40)
    assert found.colour.array().shape == (30, 40, 3)


def test_the_stored_bits_are_imagehashs_and_the_querys_first_orientation(
    tmp_path: Path, drawn: Drawn, server: InspectionServer, forking: ForkingInspector
) -> None:
    import imagehash  # noqa: PLC0415 - the reference

    drawn.scene().convert("L").save(tmp_path / "grey", "PNG")
    stored, asked = server.inspect(tmp_path / "grey").look, forking.inspect(tmp_path / "grey", Wanted(turned=True))
    assert stored is not None
    assert stored.bits == str(imagehash.phash(drawn.scene().convert("L"), hash_size=16))
    assert asked.turned[0] == (NAMES[0], stored.bits)


def test_a_mirrored_query_finds_what_is_held(tmp_path: Path, drawn: Drawn, server: InspectionServer) -> None:
    held = drawn.scene()
    held.save(tmp_path / "held", "PNG")
    held.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "query", "JPEG")
    stored = server.inspect(tmp_path / "held").look
    assert stored is not None
    turned = dict(server.inspect(tmp_path / "query", Wanted(turned=True)).turned)
    assert perceptual.distance(turned["mirrored"], stored.bits) <= 16
    assert perceptual.distance(turned["upright"], stored.bits) > 65


@pytest.mark.parametrize(
    "name", [b"line\nbreak.jpg", b"\xff\xfe not utf-8.jpg", "Київ.jpg".encode(), b"-rf", b"a" * 200]
)
def test_any_file_name_is_inspected(
    name: bytes, tmp_path: Path, drawn: Drawn, server: InspectionServer, forking: ForkingInspector
) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(drawn.jpeg(drawn.scene()))
    assert server.inspect(path).decode == forking.inspect(path).decode == "ok"


@pytest.mark.parametrize("way", [ForkingInspector, FreshInspector, InspectionServer])
def test_a_file_that_is_not_there_is_an_error(way: type[ForkingInspector], tmp_path: Path) -> None:
    inspector = way()
    with pytest.raises(InspectionError):
        inspector.inspect(tmp_path / "missing")
    if isinstance(inspector, InspectionServer):
        inspector.close()


def heavy(path: Path) -> Path:
    """A picture that takes more than a second to decode, in a small file."""
    Image.new("RGB", (13_000, 13_000), (9, 8, 7)).save(path, "PNG", compress_level=1)
    return path


def test_a_picture_that_takes_too_long_is_refused_and_the_next_one_is_not(tmp_path: Path, drawn: Drawn) -> None:
    slow = heavy(tmp_path / "slow")
    drawn.scene(90, 90).save(tmp_path / "quick", "PNG")
    limits = Limits(cpu_seconds=1, address_space=4 << 30)
    with InspectionServer(1, limits) as server:
        inspectors: tuple[Inspector, ...] = (ForkingInspector(limits), server, FreshInspector(limits))
        for inspector in inspectors:
            found = inspector.inspect(slow, Wanted(pixel_digest=True))
            assert (found.decode, found.detail) == ("refused-limits", "more than 1 s of CPU time")
            assert (found.media_type, found.width) == ("image/png", 13_000)
            assert inspector.inspect(tmp_path / "quick").decode == "ok"


def test_a_picture_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (9000, 9000)).save(tmp_path / "large", "PNG", compress_level=1)
    limits = Limits(address_space=128 << 20)
    with InspectionServer(1, limits) as server:
        for inspector in (ForkingInspector(limits), server):
            found = inspector.inspect(tmp_path / "large")
            assert found.decode == "refused-limits"
            assert "memory" in (found.detail or "")
            assert found.width == 9000


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import os\nwhile True: os.write(1, b'x' * 65536)", "a report of more than 1000000 bytes"),
        ("import time; time.sleep(600)", "more than 2 s of waiting"),
        ("import os, time; os.close(1); time.sleep(600)", "more than 2 s of waiting"),
    ],
)
def test_a_fresh_process_that_is_taken_over_neither_fills_the_memory_nor_holds_anybody_up(
    tmp_path: Path, drawn: Drawn, monkeypatch: pytest.MonkeyPatch, program: str, said: str
) -> None:
    drawn.scene().save(tmp_path / "picture", "PNG")
    monkeypatch.setattr(launch, "command", lambda *_: [sys.executable, "-c", program])
    monkeypatch.setattr(Limits, "wall_seconds", 2)

    found = FreshInspector(Limits(output=10**6)).inspect(tmp_path / "picture")

    assert (found.decode, found.detail) == ("refused-limits", said)


def test_many_threads_share_one_server(files: list[Path], server: InspectionServer) -> None:
    alone = [server.inspect(path) for path in files]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(server.inspect, files * 4)) == alone * 4


def loops(server: InspectionServer) -> list[int]:
    """The process ids of the serving loops."""
    found = []
    for process in server._processes:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        found += [int(number) for number in children.read_text().split()] if children.exists() else []
    return found


def test_a_lost_loop_is_replaced(tmp_path: Path, drawn: Drawn) -> None:
    path = tmp_path / "picture"
    path.write_bytes(drawn.jpeg(drawn.scene()))
    with InspectionServer(2) as server:
        before = [server.inspect(path), server.inspect(path)]
        for loop in loops(server):
            os.kill(loop, 9)
        assert [server.inspect(path), server.inspect(path)] == before
        assert len(loops(server)) == 2


def test_a_file_over_which_loops_are_lost_is_a_finding_and_a_server_that_never_starts_an_error(
    tmp_path: Path, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "picture"
    path.write_bytes(drawn.jpeg(drawn.scene(80, 60)))
    with InspectionServer(1) as server:
        send = wire.send

        def killing(stream: wire.Stream, content: bytes) -> None:
            for loop in loops(server):
                os.kill(loop, 9)
            send(stream, content)

        with monkeypatch.context() as patched:
            patched.setattr("archiver.inspection.wire.send", killing)
            found = server.inspect(path)
        assert found.decode == "refused-limits"
        assert "lost twice" in (found.detail or "")
        assert server.inspect(path).decode == "ok"
    monkeypatch.setattr("archiver.inspection.launch.command", lambda *_: [sys.executable, "-c", ""])
    with InspectionServer(1) as server, pytest.raises(InspectionError, match="as soon as it is started"):
        server.inspect(path)


def test_an_interrupted_question_never_answers_the_next_one(
    tmp_path: Path, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn.scene(80, 60).save(tmp_path / "first", "PNG")
    drawn.scene(60, 80).save(tmp_path / "second", "PNG")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with InspectionServer(1) as server:
        server.inspect(tmp_path / "first")
        with monkeypatch.context() as patched:
            patched.setattr("archiver.inspection.wire.receive_outcome", interrupted)
            with pytest.raises(KeyboardInterrupt):
                server.inspect(tmp_path / "first")
        assert server.inspect(tmp_path / "second").width == 60


SCRIPT = """
import sys, time
from pathlib import Path
from archiver.inspection.inspector import InspectionServer
server = InspectionServer(1)
server.inspect(Path(sys.argv[1]))
print(server._processes[0].pid, flush=True)
time.sleep(60)
"""


def test_the_server_dies_with_its_parent_and_holds_no_secret(tmp_path: Path, drawn: Drawn) -> None:
    path = tmp_path / "picture"
    path.write_bytes(drawn.jpeg(drawn.scene()))
    environment = {**os.environ, "AWS_SECRET_ACCESS_KEY": "the-secret", "PYTHONPATH": str(Path.cwd())}
    parent = subprocess.Popen([sys.executable, "-c", SCRIPT, path], stdout=subprocess.PIPE, env=environment)
    assert parent.stdout is not None
    server = int(parent.stdout.readline())
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    family = [server, *(int(child) for child in children)]
    for process in family:
        assert b"the-secret" not in Path(f"/proc/{process}/environ").read_bytes()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and any(_lives(process) for process in family):
        time.sleep(0.05)
    assert not any(_lives(process) for process in family)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_server_that_is_closed_leaves_no_process(tmp_path: Path) -> None:
    server = InspectionServer(2)
    (tmp_path / "text").write_text("x")
    server.inspect(tmp_path / "text")
    server.close()
    assert all(process.returncode is not None for process in server._processes)


def test_a_closed_server_says_so(tmp_path: Path) -> None:
    server = InspectionServer(1)
    server.close()
    with pytest.raises(InspectionError, match="closed"):
        server.inspect(tmp_path)


def test_no_room_for_another_process_is_an_error_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room() -> int:
        raise BlockingIOError

    before = len(list(Path("/proc/self/fd").iterdir()))
    monkeypatch.setattr(os, "fork", no_room)
    with pytest.raises(InspectionError):
        ForkingInspector().inspect(tmp_path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_single_question_loads_neither_scipy_nor_the_database(tmp_path: Path, drawn: Drawn) -> None:
    path = tmp_path / "picture"
    path.write_bytes(drawn.jpeg(drawn.scene()))
    script = (
        "import sys; from pathlib import Path; from archiver.inspection.inspector import ForkingInspector;"
        "from archiver.inspection.wanted import Wanted;"
        "assert 'numpy' not in sys.modules and 'PIL' not in sys.modules;"
        "print(ForkingInspector().inspect(Path(sys.argv[1]), Wanted(turned=True)).decode);"
        "print({'scipy', 'sqlmodel', 'pydantic', 'imagehash', 'pillow_heif'} & sys.modules.keys() or 'light')"
    )
    ended = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["ok", "light"]


def test_the_process_that_children_are_forked_from_holds_only_what_they_need() -> None:
    script = (
        "import sys; from archiver.inspection import server; server._warm();"
        "print({'numpy', 'scipy', 'imagehash', 'sqlmodel', 'pydantic', 'boto3'} & sys.modules.keys() or 'light')"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["light"]


def test_who_looked_is_recorded_with_versions(tmp_path: Path, drawn: Drawn, server: InspectionServer) -> None:
    path = tmp_path / "picture"
    path.write_bytes(drawn.jpeg(drawn.scene()))
    report = server.inspect(path)
    fact = facts.inspection(report, "ab" * 32, server.describe(), Context(NOW))
    assert fact.decode == "ok"
    assert fact.inspector.startswith("archiver ")
    assert all(name in fact.inspector for name in ("Pillow", "exifread", "imagehash", "pillow-heif"))
    assert "fresh process" in FreshInspector().describe()
    (look,) = facts.fingerprints(report, "ab" * 32)
    assert len(look.bits) == 64


def test_what_is_no_medium_is_recorded_as_bytes_of_unknown_kind(tmp_path: Path, server: InspectionServer) -> None:
    (tmp_path / "text").write_text("hello")
    report = server.inspect(tmp_path / "text")
    assert report.media_type is None
    assert facts.inspection(report, "ab" * 32, "archiver 0", Context(NOW)).media_type == "application/octet-stream"


def test_this_system_answers_single_questions_by_forking() -> None:
    assert isinstance(for_one_file(), ForkingInspector)
