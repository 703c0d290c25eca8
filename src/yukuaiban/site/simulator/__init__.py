"""A simulated district: months of office life played through the real engine, from one seed.

Nothing here reaches round the one door: desks, handlers, leaders and the worker act as people do. The same seed,
pack and period give the same journal, byte for byte.
"""
