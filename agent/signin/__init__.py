"""How a person signs in and out: discovery, the system browser, enrolment codes, and the server keys that are trusted.

Here belongs what happens once, with a person waiting. Here must not be: renewing tokens (`agent.credentials`), windows,
and how a browser is opened (desktop passes that in as `OpenExternal`).
"""
