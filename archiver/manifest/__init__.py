"""Manifests: one row a file (or a sighting without one), with all that is known of where it comes from.

The law: a row is read as it stands or refused with its number and the column's name; none stops the others, and a file
whose rows cannot be told apart is refused whole, before anything is done. Rows stream: what is
kept of the rows above is what the rows below point to, and no more.
"""
