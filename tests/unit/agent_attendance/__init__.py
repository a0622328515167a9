"""Attendance on the device: what is recorded, what is said afterwards, hours, reminders."""
