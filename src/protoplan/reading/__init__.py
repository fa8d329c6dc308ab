"""The only room that knows YAML: text to located tree to model, every problem at once."""
