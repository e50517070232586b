"""The interview-service: its wire models, its errors, its client."""

from growqr_workflows.service.client import Call, CallRecord, InterviewService, ServiceSettings
from growqr_workflows.service.errors import (
    Forbidden,
    Interrupted,
    Malformed,
    NotFound,
    NotSignedIn,
    Rejected,
    ServiceError,
    Unavailable,
    UnknownOutcome,
)
from growqr_workflows.service.operations import OPERATIONS, SESSION_PATH

__all__ = [
    "OPERATIONS",
    "SESSION_PATH",
    "Call",
    "CallRecord",
    "Forbidden",
    "Interrupted",
    "InterviewService",
    "Malformed",
    "NotFound",
    "NotSignedIn",
    "Rejected",
    "ServiceError",
    "ServiceSettings",
    "Unavailable",
    "UnknownOutcome",
]
