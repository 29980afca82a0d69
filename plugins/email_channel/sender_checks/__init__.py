"""What `ballyhoo doctor` says about senders: their records in the DNS, and their servers."""

from __future__ import annotations

from .checking import check_senders

__all__ = ["check_senders"]
