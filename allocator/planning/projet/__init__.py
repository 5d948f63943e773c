"""The inputs of the years ahead: promises year by year, expected supply, and that supply in whole dwellings."""

from allocator.planning.projet.projet import Offre, Projet, projet_of
from allocator.planning.projet.reading import Inputs, read_inputs, read_projet
from allocator.planning.projet.whole import Counts, whole

__all__ = ["Counts", "Inputs", "Offre", "Projet", "projet_of", "read_inputs", "read_projet", "whole"]
