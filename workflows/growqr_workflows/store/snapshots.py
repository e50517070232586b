"""Snapshots as they are stored: JSON text, of this program's version or an older one."""

from __future__ import annotations

import json

from pydantic import ValidationError

from growqr_workflows.snapshot import SNAPSHOT_VERSION, Snapshot
from growqr_workflows.store.errors import Unusable


def load_snapshot(text: str) -> Snapshot:
    """Read a stored snapshot. What came later has a default, so that older ones are read as they are.

    Raises:
        Unusable: it was written by a newer program, or is damaged.
    """
    try:
        data = json.loads(text)
        if data["version"] > SNAPSHOT_VERSION:
            raise Unusable(f"a conversation has version {data['version']}; this program reads up to {SNAPSHOT_VERSION}")
        return Snapshot.model_validate({**data, "version": SNAPSHOT_VERSION})
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise Unusable(f"a stored conversation is damaged: {str(error).splitlines()[0]}") from error
