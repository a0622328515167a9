"""A checklist as a form: one widget class for a family of field kinds, and the form that shows, hides and judges them.

What is asked, hidden and wrong is decided by `rules.templates`; here it is put on the screen, in the person's language.
Here must not be: commands other than attaching files and looking up places (the page that holds the form sends it).
"""
