"""The agent core, room by room."""
