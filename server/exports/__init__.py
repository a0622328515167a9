"""What leaves as a file: the reports that a filter shows, as CSV, XLSX, JSON or a ZIP with their photos and files.

`facts` reads them, `columns` lays them out, one module writes each kind of file, piece by piece: memory does not grow
with the number of reports. Here must not be: who may export, and whether they gave their password (`server.web`).
"""
