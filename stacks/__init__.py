"""One settings file per environment (`Pulumi.<stack>.yaml`), and the only reader of them."""
