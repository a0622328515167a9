"""The real program under a private display, with a real tray host and a real Secret Service."""
