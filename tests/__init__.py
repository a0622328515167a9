"""Everything that shows Miratag works. A package, so that the modules of its folders never shadow the product's."""
