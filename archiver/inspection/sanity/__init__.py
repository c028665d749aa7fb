"""What in a file's own statements does not agree, or tells of its handling: seen, never concluded."""
