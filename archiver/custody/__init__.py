"""The chain of custody: signed events, their Merkle tree and its signed checkpoints.

Pure law: no SQL, no S3, no clock; the only file ever read or written is the signing key. From the ground up:

* ``canonical``   one way to write a JSON value (RFC 8785), so that two people hash the same bytes
* ``merkle``      the tree over the events and its proofs (RFC 6962, RFC 9162)
* ``keys``        Ed25519 signing keys as files that ``openssl`` reads
* ``note``        signed text (C2SP signed-note)
* ``checkpoint``  the tree's head as such a text (C2SP tlog-checkpoint)
* ``commitment``  a salted commitment to a body, from which single fields can be disclosed
* ``event``       one signed statement
* ``batch``       the published object: one transaction's events and their checkpoint
* ``recognised``  published bytes that are canonical and well-formed, recognised at once
* ``transaction`` a published object, read once for all who ask
* ``log``         appending to the log
* ``glance``      a transaction in which all adds up, seen at a glance
* ``check``       checking a whole log that somebody else appended to
* ``witness``     what a checkpoint that was kept elsewhere proves of today's log
"""
