"""Free text to values: what a request asks for, each value with the words it was read from."""
