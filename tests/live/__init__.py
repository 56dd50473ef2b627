"""The live stream, heard through a real socket."""
