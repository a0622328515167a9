"""Photos and files of reports, handed to a browser that must not run anything of them."""

_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"})


def shown_inline(content_type: str) -> bool:
    """Whether a browser shows this kind as a picture and nothing more. SVG is a program, so it is not among them."""
    return content_type.partition(";")[0].strip().lower() in _PICTURES
