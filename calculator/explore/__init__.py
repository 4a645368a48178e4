"""The same architecture asked many times: sweeps over its inputs. numpy and numba are imported when first needed."""

from calculator.explore.sweep import Sweep, sweep, warm

__all__ = ["Sweep", "sweep", "warm"]
