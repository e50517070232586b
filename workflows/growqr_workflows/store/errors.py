"""What can go wrong with a store, as one tree.

::

    StoreError
    ├── Conflict      the same message id came with another payload
    ├── NotYours      the conversation belongs to somebody else
    ├── Busy          the turns before this one did not finish in time
    ├── Stale         the claim's lease ran out and somebody else has the conversation
    ├── Unusable      the database or what is in it cannot be used by this program
    └── Unavailable   the database cannot be reached or written just now; later is worth a try
"""

from __future__ import annotations


class StoreError(Exception):
    """Base of this tree. Nothing of the turn was committed unless a later delivery of it is answered."""


class Conflict(StoreError):
    """The same message id came with another payload."""


class NotYours(StoreError):
    """The conversation belongs to another user or organisation."""


class Busy(StoreError):
    """The turns before this one did not finish in time; the message was not taken."""


class Stale(StoreError):
    """The claim's lease ran out and somebody else has the conversation: nothing was committed."""


class Unusable(StoreError):
    """Not a database, a damaged one, or one written by a newer program."""


class Unavailable(StoreError):
    """Disk full, locked, read-only, or no connection; nothing was half-written."""
