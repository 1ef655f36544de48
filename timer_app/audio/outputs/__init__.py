"""The places where sound can go: devices, a file, or nowhere. The only room that touches a sound device.

In: the name of an output, and a function that delivers the next block of samples.
Out: an open output that pulls blocks at its own pace and reports its latency and its faults.
"""
