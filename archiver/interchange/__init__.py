"""Fingerprints that archives give one another without the pictures: written, read, kept at hand, and searched."""
