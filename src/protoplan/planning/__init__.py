"""From what was read to a plan: measures, days, doses, rules, rounding, exposure, safety."""
