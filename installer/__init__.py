"""Bundle, packages, and what the system must have: everything between the source and a program that starts.

Runs before the virtual environment exists (`system_packages`) or inside it (the rest). The product never imports it.
"""
