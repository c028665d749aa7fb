"""What `verify` and `audit` both do: hold log, catalogue and copies against one another, and change nothing."""
