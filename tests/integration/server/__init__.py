"""The server as a process: sign-in, sync, media and pages over real HTTP."""
