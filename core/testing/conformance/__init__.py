"""The kits that hold a plugin to the contract of its hooks, one module for each hook.

An author subclasses a kit in a test module and supplies fixtures; pytest collects the tests:

    class TestTextMessages(DeliverConformance):
        @pytest.fixture
        def plugin(self):
            return acme_sms

        @pytest.fixture
        def world(self):
            return ProviderInMemory()

A kit itself is never collected; a subclass always is, whatever its name. No test skips: what a
kit needs and does not get is an error that says what to write.
"""
