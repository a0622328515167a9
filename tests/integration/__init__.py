"""Several rooms together: a real server, real files, real kill signals."""
