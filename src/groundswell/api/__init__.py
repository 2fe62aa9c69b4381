"""The wire: parse, authorise, call, encode. One module per family of the contract."""
