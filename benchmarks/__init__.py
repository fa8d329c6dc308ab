"""What protoplan costs, beside programs that do less or the same; see README.md."""
