"""Bytes and their names: the same promises in a directory and in a bucket.

The law of this package: a name is written once and never changed, nothing is ever deleted, and no byte is handed out as
good that was not hashed. It knows nothing of images, imports nothing of the programs that use it, and lets only its own
errors out (``storage.errors``). Start at ``storage.store`` for the promises and at ``storage.url.open_store`` to get a
store.
"""
