"""Rule-based named-entity recognition: what a service can be called with, read from a message."""

from growqr_router.entities.entity import Entity
from growqr_router.entities.extractor import Extractor

__all__ = ["Entity", "Extractor"]
