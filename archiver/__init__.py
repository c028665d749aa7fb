"""Archive pictures as evidence: bytes kept untouched, facts only ever added, everything else disposable."""

__version__ = "0.1.0"
