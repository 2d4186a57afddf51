"""A market with something of everything on it, and pictures of all of its pages."""
