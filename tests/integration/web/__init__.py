"""The pages as a browser gets them: the whole application, a real database, real files."""
