"""Twilio Engage as code: the settings of a stack, the component, and its outputs."""

import pulumi

from components.engage import EngageStack
from providers.dynamic import EngageProvider
from stacks import preflight, settings

stack = settings.read()
preflight.run(stack.connection, stack.engage, stack.vendors, stack.preflight)
provider = EngageProvider("engage", endpoint=stack.endpoint, options=stack.options, credentials=stack.credentials)
engage = EngageStack(
    "engage",
    stack.engage,
    pulumi.ResourceOptions(providers=[provider]),
    workspace_region=stack.workspace_region,
    twilio_account_sid=stack.connection.find("TWILIO_ACCOUNT_SID"),
    existing_key=stack.existing_key,
)

pulumi.export("engage_settings", engage.engage_settings)
pulumi.export("public_settings", engage.public_settings)
pulumi.export("account", engage.account)
pulumi.export("dns_records", engage.dns_records)
pulumi.export("zone_file", engage.zone_file)
pulumi.export("pending", engage.pending)
pulumi.export("status", engage.status)
pulumi.export("manual_steps", engage.manual_steps)
