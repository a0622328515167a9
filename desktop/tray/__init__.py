"""The icon in the system's tray behind a port, and which state it shows. No menu texts here; those are ui's."""
