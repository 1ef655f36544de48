"""What holds of every zip archive, whatever is read from it."""

from __future__ import annotations

import zipfile
import zlib
from typing import Final

FAULTS: Final = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError)
"""What reading a damaged archive may raise."""
METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How members may be compressed; of the other methods, 10 MB may become many gigabytes before it is known."""
_SIGN = b"PK\x03\x04"


def is_archive(data: bytes) -> bool:
    """Whether it is a zip archive."""
    return data.startswith(_SIGN)
