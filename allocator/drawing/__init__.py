"""The generator of instances, calibrated on public figures for Île-de-France."""

from allocator.drawing.draw import draw
from allocator.drawing.settings import DEPARTEMENTS, DrawSettings, SettingsError

__all__ = ["DEPARTEMENTS", "DrawSettings", "SettingsError", "draw"]
