"""What two ends promised each other: the same tests against every storage, and the published schema."""
