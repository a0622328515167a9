"""What is held about one member, as a whole: handed to them, or erased at their wish.

Here belong requests to erase, what an answer of *done* erases, and the file of everything. Here must not be: what any
of the data means, or who else may read it.
"""
