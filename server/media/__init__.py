"""Files on their way in and out: uploads that resume at any replica, the bytes of what is held, and the small pictures
that pages show of it.

Here must not be: the tus headers (`server.api.media`), which reports a file belongs to, images decoded by this process
(`server.confined`).
"""
