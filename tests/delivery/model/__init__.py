"""A model of the delivery protocol: the real code on the real database, one step at a time, against what must hold."""
