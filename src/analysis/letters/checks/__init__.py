"""What can be wrong in a draft letter, one kind a module; each has ``check(draft) -> Iterator[Finding]``."""
