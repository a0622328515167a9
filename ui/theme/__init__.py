"""How the interface looks: one spacing scale, one type scale, colour tokens with checked contrast, and icons by shape.

Controls stay native; nothing here is a style sheet.
"""
