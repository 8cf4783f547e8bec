"""The reception end: the rule, the journal, the desk and the screens."""
