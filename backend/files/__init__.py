"""Drawings and other files of a case: taken in with care, kept under the digest of their content, handed out by right.

May import accounts and core only. The slice above says whom a file concerns; here are no cases and no firms.
"""
