"""Whether signatures are real: every model, for Django and for other rooms."""

from integrity.models.sweeps import Sweep

__all__ = ["Sweep"]
from integrity.models.waves import Wave, WaveQuerySet

__all__ = ["Wave", "WaveQuerySet"]
