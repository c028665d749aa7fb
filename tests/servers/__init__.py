"""Real servers for tests, benchmarks and the demonstration: each is a context manager over a directory of its own.

Whatever they hand out is on 127.0.0.1 or a Unix socket, with credentials made for this one run, and is gone when the
context ends. Every module has ``available()``: None when its server can run here, otherwise the plain reason why not.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Any

_PATIENCE = 3  # seconds: a stranger on the port may take the connection and never answer


@dataclass(frozen=True)
class S3Server:
    """A running S3 engine; ``engine`` is ``seaweedfs`` or ``ceph``."""

    endpoint: str
    access_key: str
    secret_key: str
    engine: str

    def client(self, seconds: float = 10) -> Any:
        """Make a boto3 S3 client with this server's credentials that asks once and waits ``seconds`` at most."""
        import boto3  # noqa: PLC0415 - heavy, and the PostgreSQL tests do without
        from botocore.config import Config  # noqa: PLC0415 - as above

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name="us-east-1",
            config=Config(
                connect_timeout=seconds,
                read_timeout=seconds,
                retries={"total_max_attempts": 1},
                proxies={},  # an empty mapping, because None would ask the environment
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )


def refusal(server: S3Server, bucket: str) -> str | None:
    """Ask for what tests will ask: a bucket, and an object in it; both are taken away again.

    Returns:
        None if all of it worked, otherwise what the server or the connection said.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - heavy, see S3Server.client

    there = {"Bucket": bucket, "Key": "readiness"}
    with closing(server.client(_PATIENCE)) as client:
        try:
            if bucket not in [each["Name"] for each in client.list_buckets()["Buckets"]]:
                client.create_bucket(Bucket=bucket)
            client.put_object(Body=b"ready", **there)
            client.delete_object(**there)
            client.delete_bucket(Bucket=bucket)
        except (BotoCoreError, ClientError) as error:
            return str(error)
    return None
