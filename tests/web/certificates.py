"""Certificates of the tests' own, made by openssl."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple


class Certificate(NamedTuple):
    """The files of a certificate."""

    cert: Path
    key: Path


def make_certificate(folder: Path, *, password: str = "") -> Certificate:
    """A certificate for this computer that vouches for itself."""
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    secret = ["-passout", f"pass:{password}"] if password else ["-nodes"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    where = ["-keyout", str(made.key), "-out", str(made.cert)]
    subprocess.run(
        ["openssl", "req", "-x509", "-days", "2", *curve, *names, *secret, *where], check=True, capture_output=True
    )
    return made
