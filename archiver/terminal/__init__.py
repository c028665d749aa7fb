"""What the terminal shows: for each command, how its words are read and how its answer is written."""
