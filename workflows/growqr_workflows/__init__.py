"""The interview workflow: decisions into service calls, states and honest replies."""

from growqr_workflows.agent import Agent
from growqr_workflows.answer import Answer, ClientEvent
from growqr_workflows.handoff import OtherAgents, PassedOn
from growqr_workflows.machine import WorkflowMachine
from growqr_workflows.observer import Observer, Span, Unobserved
from growqr_workflows.outcome import Outcome
from growqr_workflows.principal import Principal
from growqr_workflows.replay import Replayed, replay
from growqr_workflows.service import CallRecord, InterviewService, ServiceError, ServiceSettings
from growqr_workflows.snapshot import Snapshot
from growqr_workflows.store import Busy, Conflict, NotYours, SqlStore, Stale, Store, StoreError, open_store

__all__ = [
    "Agent",
    "Answer",
    "Busy",
    "CallRecord",
    "ClientEvent",
    "Conflict",
    "InterviewService",
    "NotYours",
    "Observer",
    "OtherAgents",
    "Outcome",
    "PassedOn",
    "Principal",
    "Replayed",
    "ServiceError",
    "ServiceSettings",
    "Snapshot",
    "Span",
    "SqlStore",
    "Stale",
    "Store",
    "StoreError",
    "Unobserved",
    "WorkflowMachine",
    "open_store",
    "replay",
]
