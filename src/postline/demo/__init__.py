"""Everything that a first look needs: made on the spot, nothing downloaded."""
