"""What a file says of itself: format, size, embedded metadata, fingerprints; always in a bounded child process."""
