"""The Discord side: what people see and say, what is remembered of it, and the command line."""
