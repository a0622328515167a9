"""A sentence for a person that remembers what it was made of, so that whoever shows it can say it in their language."""


class Sentence(str):
    """English text, `template` with its `%(name)s` filled from `values`; a page translates the template and fills that.

    It goes wherever text goes, but into a message: msgspec encodes no subclass of str, so hand it `str(sentence)`.
    A value that is a Sentence itself is translated as well; any other stays as it is, a name or a number.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> "Sentence":
        """The template's `%` signs count only where there are values."""
        made = super().__new__(cls, template % values if values else template)
        made.template, made.values = template, values
        return made

    def filled(self, **values: object) -> "Sentence":
        """The same template with these values."""
        return Sentence(self.template, **values)

    def __str__(self) -> str:
        return "".join((self,))
