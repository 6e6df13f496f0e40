"""What everything said in chat shares: who may do what, errors as sentences, buttons, how replies are written."""
