"""The server's areas on data alone: judging, files, keys. No process, no network."""
