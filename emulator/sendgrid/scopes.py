"""Which permissions there are, and which of them an account may give to a key.

https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions
"""

_CRUD = ("create", "delete", "read", "update")
_RU = ("read", "update")
_R = ("read",)

_GROUPS: dict[tuple[str, ...], str] = {
    _CRUD: (
        "access_settings.whitelist alerts api_keys asm.groups billing categories credentials ips.pools ips.pools.ips "
        "ips.warmup mail.batch marketing_campaigns subusers subusers.credits subusers.credits.remaining "
        "subusers.monitor suppression suppression.blocks suppression.bounces suppression.invalid_emails "
        "suppression.spam_reports suppression.unsubscribes teammates templates templates.versions "
        "templates.versions.activate user.email user.multifactor_authentication user.scheduled_sends "
        "user.webhooks.event.test user.webhooks.parse.settings whitelabel"
    ),
    _RU: (
        "mail_settings.address_whitelist mail_settings.bounce_purge mail_settings.footer mail_settings.forward_bounce "
        "mail_settings.forward_spam mail_settings.plain_content mail_settings.template tracking_settings.click "
        "tracking_settings.google_analytics tracking_settings.open tracking_settings.subscription user.password "
        "user.profile user.settings.enforced_tls user.username user.webhooks.event.settings"
    ),
    _R: (
        "access_settings.activity browsers.stats categories.stats categories.stats.sums clients.desktop.stats "
        "clients.phone.stats clients.stats clients.tablet.stats clients.webmail.stats devices.stats email_activity "
        "geo.stats ips ips.assigned mail_settings mailbox_providers.stats partner_settings stats stats.global "
        "subusers.reputations subusers.stats subusers.stats.monthly subusers.stats.sums subusers.summary "
        "tracking_settings user.account user.credits user.timezone user.webhooks.parse.stats"
    ),
}

# The server adds these by itself; sending them is not needed (terraform-provider-sendgrid of octoenergy, README).
AUTOMATIC = ("2fa_required", "sender_verification_eligible")

ALL = frozenset(
    {f"{group}.{verb}" for verbs, groups in _GROUPS.items() for group in groups.split() for verb in verbs}
    | {"mail.send", *AUTOMATIC}
)

# "Full Access ... excluding billing and Email Address Validation".
# https://www.twilio.com/docs/sendgrid/api-reference/api-keys/create-api-keys
FULL_ACCESS = frozenset(scope for scope in ALL if not scope.startswith("billing."))

# A subuser has no subusers. What else it lacks is not documented.
SUBUSER_FULL_ACCESS = frozenset(scope for scope in FULL_ACCESS if not scope.startswith("subusers"))
