"""Whether signatures are real: every model, for Django and for other rooms."""

from integrity.models.hourly import HourlyIntegrity
from integrity.models.sweeps import Sweep
from integrity.models.waves import Wave, WaveQuerySet

__all__ = ["HourlyIntegrity", "Sweep", "Wave", "WaveQuerySet"]
