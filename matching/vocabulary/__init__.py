"""The shop floor's words: processes, materials, certificates, and the folding that lets their spellings meet."""
