"""Time that somebody else vouches for: RFC 3161 time stamps, asked for, verified, and kept as they came.

It knows nothing of logs: what is stamped is some bytes. From the ground up:

* ``der``        the few structures of DER that have to be walked, and a response with its certificates in order
* ``authority``  who is asked, and which root certificates are trusted for that
* ``asking``     one question over HTTP, bounded in time and size
* ``signer``     that a token was made with the certificate that comes with it
* ``token``      a response verified: what it says, and until when
* ``kept``       stamps in the store, whole or not at all
"""
