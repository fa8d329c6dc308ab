"""Views of a plan: every one of them shows the same numbers."""
