"""Reading and signing under load, each beside its floor in the same run, and the spike itself."""
