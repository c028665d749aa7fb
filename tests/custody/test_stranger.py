"""A stranger with openssl and coreutils, and without our program, checks what we publish."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from archiver.custody.batch import render
from archiver.custody.commitment import disclose
from tests.custody.conftest import ORIGIN
from tests.custody.rotating import Rotating

if TYPE_CHECKING:
    from pathlib import Path

    from tests.custody.conftest import Log

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def shell(script: str, directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-euc", script], cwd=directory, capture_output=True, text=True, check=False)


@pytest.fixture
def case(log: Log, tmp_path: Path) -> Path:
    """What the stranger was handed: one event, cut out of the published object with a JSON parser, and the key."""
    event = json.loads(render(log.batches[0]))["events"][0]
    envelope = json.dumps(event["envelope"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (tmp_path / "envelope.json").write_text(envelope)
    (tmp_path / "signature.b64").write_text(event["signature"])
    (tmp_path / "key.pem").write_text(log.key.public.pem)
    return tmp_path


VERIFY = """
base64 -d signature.b64 > signature.bin
openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in envelope.json -sigfile signature.bin
"""


def test_openssl_verifies_an_events_signature(case: Path) -> None:
    done = shell(VERIFY, case)
    assert (done.returncode, done.stdout.strip()) == (0, "Signature Verified Successfully")


def test_openssl_refuses_a_changed_envelope(case: Path) -> None:
    path = case / "envelope.json"
    path.write_text(path.read_text().replace("Ada", "Eve"))
    assert shell(VERIFY, case).returncode != 0


def test_sha256sum_makes_the_merkle_leaf(case: Path, log: Log) -> None:
    done = shell(r"(printf '\000'; cat envelope.json) | sha256sum", case)
    assert done.stdout.split()[0] == log.batches[0].events[0].leaf.hex()


def test_openssl_verifies_a_checkpoint(case: Path, log: Log) -> None:
    text, signatures = log.batches[0].checkpoint.split("\n\n")
    (case / "envelope.json").write_text(text + "\n")
    signature = base64.b64decode(signatures.split()[-1])[4:]
    (case / "signature.b64").write_text(base64.b64encode(signature).decode())
    assert shell(VERIFY, case).returncode == 0


def test_openssl_and_sha256sum_open_a_commitment_field_by_field(case: Path, log: Log) -> None:
    event = log.batches[0].events[0]
    assert event.body is not None
    assert event.salt is not None
    digests = {}
    for name, value in event.body.items():
        (case / "value.json").write_text(json.dumps(value, separators=(",", ":"), ensure_ascii=False))
        done = shell(
            f"(printf '%s' '{name}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:{event.salt.hex()} -binary;"
            " cat value.json) | sha256sum",
            case,
        )
        digests[name] = done.stdout.split()[0]
    assert disclose(event.body, event.salt, ["number"])["withheld"] == {
        name: digest for name, digest in digests.items() if name != "number"
    }
    (case / "digests.json").write_text(json.dumps(digests, sort_keys=True, separators=(",", ":")))
    assert shell("sha256sum < digests.json", case).stdout.split()[0] == event.envelope.commitment


HANDOVER = """
printf 'archiver-key-rotation-1\\nlog %s\\nevent %s\\nold %s\\nnew %s\\n' "$(cat origin)" "$(cat place)" \
    "$(openssl pkey -pubin -in old.pem -outform DER | tail -c 32 | sha256sum | cut -c-64)" \
    "$(openssl pkey -pubin -in new.pem -outform DER | tail -c 32 | sha256sum | cut -c-64)" > statement
base64 -d < endorsement > old.sig
base64 -d < possession > new.sig
openssl pkeyutl -verify -pubin -inkey old.pem -rawin -in statement -sigfile old.sig
openssl pkeyutl -verify -pubin -inkey new.pem -rawin -in statement -sigfile new.sig
"""


def test_openssl_follows_a_log_from_its_first_key_to_the_next(tmp_path: Path) -> None:
    log = Rotating()
    log.take(2)
    new = log.rotate()
    log.take()
    body = log.batches[1].events[0].body
    assert body is not None
    (tmp_path / "raw").write_bytes(base64.b64decode(body["key"]))  # the new key, as the old one's event has it
    told = shell(
        "(printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'; cat raw) |"
        " openssl pkey -pubin -inform DER -out new.pem",
        tmp_path,
    )
    assert (told.returncode, (tmp_path / "new.pem").read_text()) == (0, new.public.pem)
    (tmp_path / "old.pem").write_text(log.first.public.pem)
    for name, text in {"origin": ORIGIN, "place": "2"}.items():
        (tmp_path / name).write_text(text)
    for name in ("endorsement", "possession"):
        (tmp_path / name).write_text(body[name])

    assert shell(HANDOVER, tmp_path).returncode == 0

    event = json.loads(render(log.batches[2]))["events"][0]
    envelope = json.dumps(event["envelope"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (tmp_path / "envelope.json").write_text(envelope)
    (tmp_path / "signature.b64").write_text(event["signature"])
    (tmp_path / "key.pem").write_text((tmp_path / "new.pem").read_text())
    assert shell(VERIFY, tmp_path).returncode == 0
    (tmp_path / "key.pem").write_text((tmp_path / "old.pem").read_text())
    assert shell(VERIFY, tmp_path).returncode != 0
    (tmp_path / "place").write_text("3")
    assert shell(HANDOVER, tmp_path).returncode != 0
