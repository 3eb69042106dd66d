"""Which ways out this installation has, as its settings say.

Without settings there are none: every message is written down as not sent, and shown so.
"""

from collections.abc import Mapping

from app.kernel.outbox import Carrier, Channel, Compose, Delivery
from app.notifications.console import Console
from app.notifications.gateway import SmsGateway
from app.notifications.letters import Writer
from app.notifications.mail import MailServer
from app.settings import Settings


def delivery(settings: Settings, others: Mapping[str, Compose] | None = None) -> Delivery:
    """Carriers and writer for this installation; the demo city sends nothing, it prints.

    `others` write the messages about subjects that features above have, by subject type.
    """
    is_demo = settings.demo
    carriers = {channel: Console() for channel in Channel} if is_demo else _ways_out(settings)
    return Delivery(carriers, Writer(settings.base_url, others or {}))


def _ways_out(settings: Settings) -> dict[Channel, Carrier]:
    carriers: dict[Channel, Carrier] = {}
    if settings.sms_gateway_url:
        carriers[Channel.SMS] = SmsGateway(
            settings.sms_gateway_url, settings.sms_gateway_token, settings.sms_gateway_key
        )
    if settings.smtp_url and settings.mail_sender:
        subject = f"{settings.city_name} 市民之窗 Civic Window"
        carriers[Channel.MAIL] = MailServer(settings.smtp_url, settings.mail_sender, subject)
    return carriers
