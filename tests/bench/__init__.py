"""The rig of the benches: that it measures what it says it does. How fast anything is, the benches tell."""
