"""What was read and what was planned, as frozen records without behaviour beyond themselves."""
