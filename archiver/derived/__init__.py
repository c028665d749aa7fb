"""What can be computed again, and is kept because computing it again costs: in the store for all, on this machine mapped."""
