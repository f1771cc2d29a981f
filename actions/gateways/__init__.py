"""Payment gateways: one module a provider, one contract. They translate; they keep nothing."""
