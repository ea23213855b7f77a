"""What is done to any text that comes in, and what stands for one that may not be shown."""

import hashlib
import unicodedata


def printable(text: str) -> str:
    """The text with line ends made one kind and without characters that no keyboard types."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def digest_of_address(email: str) -> str:
    """What stands for an e-mail address in a key, however it is capitalised: an address may be longer than a key."""
    return hashlib.sha256(email.lower().encode()).hexdigest()[:16]
