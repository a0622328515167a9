"""What a template means: which fields are shown, whether answers fit, what is kept of them, how they read.

Answers are a mapping of field id to the JSON value that `protocol.templates.Field` describes. A place in them is a
*path*: `valve`, or `pumps[2].pressure` for a field of the third row of a group. Here belong functions of a template and
of answers. Here must not be: sentences in other languages (callers translate codes), ids of an organization, pictures.
"""
