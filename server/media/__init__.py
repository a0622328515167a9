"""Files on their way in and out: uploads that resume at any replica, and the bytes of what is held.

Here must not be: the tus headers (`server.api.media`), which reports a file belongs to, images decoded or shown.
"""
