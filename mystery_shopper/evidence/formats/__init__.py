"""What is inside a file of each kind: recognise it, copy it without traces, read its text.

Everything here runs in the process apart (`evidence.child`) and knows neither database nor keys.
"""
