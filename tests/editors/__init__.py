"""The plug-ins and other clients, tested in the real editors."""
