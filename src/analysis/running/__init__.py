"""Every report that is owed: the warm engine, the editions, rebuilding what changed, verifying what was made."""
