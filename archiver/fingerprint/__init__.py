"""What a picture looks like: pixels in, fingerprints out. No files, no network, no database."""
