"""Whether two pictures share a part, and how the one lies in the other: local features confirmed by geometry."""
