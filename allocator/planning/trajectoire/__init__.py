"""The years ahead: a plan by year, proven, and its exact split by month."""

from allocator.planning.trajectoire.mois import Mensuel, by_month
from allocator.planning.trajectoire.trajectoire import Flux, Trajectoire, concluded, planned, trajectory

__all__ = ["Flux", "Mensuel", "Trajectoire", "by_month", "concluded", "planned", "trajectory"]
