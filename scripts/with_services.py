"""Run a command on the services of production: `python scripts/with_services.py COMMAND …`.

PostgreSQL is the one at TEST_POSTGRES_URL (default: user postgres on 127.0.0.1, trusted); databases of our own names
are made there and dropped. Redis is a server of our own on a free port of 127.0.0.1, storage is moto's S3 server. The
command finds DATABASE_URL, REDIS_URL and STORAGE_URL. Without PostgreSQL this fails: a pass that did not happen is not
green.
"""

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import boto3
import psycopg
from moto.server import ThreadedMotoServer
from psycopg import sql

ADMIN_URL = os.environ.get("TEST_POSTGRES_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"
BUCKET = "open-mentoring-tests"


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Give the address of a database of our own; drop it and the test databases made from its name."""
    name = f"open_mentoring_{os.getpid()}"
    try:
        connection = psycopg.connect(ADMIN_URL, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        sys.exit(f"PostgreSQL does not answer at {ADMIN_URL}; set TEST_POSTGRES_URL.\n{error}")
    with connection:
        version = connection.execute("SHOW server_version").fetchone()
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        print(f"PostgreSQL {version[0] if version else '?'}", flush=True)
        try:
            yield urlunsplit(urlsplit(ADMIN_URL)._replace(scheme="postgres", path=f"/{name}"))
        finally:
            like = "SELECT datname FROM pg_database WHERE datname = %s OR datname LIKE %s"
            for (each,) in connection.execute(like, [name, rf"test\_{name}%"]).fetchall():
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(each)))


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """Give the address of a Redis server of our own on TCP."""
    port = free_port()
    with tempfile.TemporaryDirectory() as directory:
        options = ["--bind", "127.0.0.1", "--port", str(port), "--dir", directory, "--save", "", "--appendonly", "no"]
        server = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        try:
            for _ in range(100):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.1)
            else:
                sys.exit("redis-server does not start.")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait()


@contextlib.contextmanager
def storage() -> Iterator[str]:
    """Give the address of an S3 bucket of our own."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line per request otherwise
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        s3 = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1", **keys)
        s3.create_bucket(Bucket=BUCKET)
        yield f"s3://test:test@{host}:{port}/{BUCKET}?tls=0"
    finally:
        server.stop()


def main(command: list[str]) -> int:
    """Run the command among the services; return its exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    with postgres() as database_url, redis() as redis_url, storage() as storage_url:
        urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "STORAGE_URL": storage_url}
        return subprocess.run(command, env={**os.environ, **urls}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
