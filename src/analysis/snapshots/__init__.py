"""Snapshots: immutable data sets, known by the hash of their stored bytes."""

from analysis.snapshots.snapshot import READS, Snapshot
from analysis.snapshots.store import Store

__all__ = ["READS", "Snapshot", "Store"]
