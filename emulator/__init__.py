"""A stateful stand-in for the configuration APIs of SendGrid, Twilio and Segment.

Each vendor's host is the first segment of the path: `http://127.0.0.1:8787/api.sendgrid.com/v3/subusers`. It is strict
where the vendor is, and where the vendor is silent it says so in the code. It imports nothing of `providers`: two
independent readings of the vendors' documents are what makes a test a test.
"""

from emulator.faults import Fault, FaultError
from emulator.made_up import credentials
from emulator.server import Emulator, StartError
from emulator.store import StateError

__all__ = ["Emulator", "Fault", "FaultError", "StartError", "StateError", "credentials"]
