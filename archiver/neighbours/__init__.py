"""What looks alike: every fingerprint within a radius, none missed, none too many."""
