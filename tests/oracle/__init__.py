"""A second implementation of the planner: slow, obvious, and sharing no code with the first.

It reads the same files with the same readers, and from there on goes its own way, written from
`docs/protocol-files.md`, `docs/treatment-files.md` and `docs/explanation/how-doses-are-adjusted.md`.
It walks every date of the course and asks each sig of the protocol: today? how often? how much? All
arithmetic is in fractions. The tests lay its answers beside the plan of the program.
"""
