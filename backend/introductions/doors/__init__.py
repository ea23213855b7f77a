"""How a client and a firm come to a case without being of the desk, and which drawings are open to them there."""
