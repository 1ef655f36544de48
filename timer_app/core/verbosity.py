"""How much the coach says."""

from __future__ import annotations

from typing import Literal

Verbosity = Literal["full", "brief", "tones"]
"""`full` says everything; `brief` leaves out explanations; `tones` says nothing, and all tones stay."""
