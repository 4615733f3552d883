"""EngageStack and the three parts that it is made of."""
