"""The queues a case can wait in, in words."""

from collections.abc import Mapping

QUEUE_LABELS: Mapping[str, str] = {
    "new": "New",
    "live-tender": "Live tenders",
    "payment": "Payment",
    "central": "Central government",
    "wider-public-sector": "Wider public sector",
    "supply-chain": "Supply chain",
    "find-authority": "Authority to be found",
    "out-of-scope-check": "Out-of-scope check",
}
