"""What is recorded: validated values in the field's own vocabulary. No input, no output."""
