"""What is still to come this year, with its uncertainty, from what earlier years and this one have shown."""

from allocator.forecast.outlook import Outlook, outlook
from allocator.forecast.prior import Prior, learn
from allocator.forecast.record import Check, Record, describe, record
from allocator.forecast.settings import DEFAULTS, Settings

__all__ = [
    "DEFAULTS",
    "Check",
    "Outlook",
    "Prior",
    "Record",
    "Settings",
    "describe",
    "learn",
    "outlook",
    "record",
]
