"""What can be computed again, and is kept because that costs: in the store for all, on this machine mapped."""
