"""Which ways out this installation has, as its settings say.

Without settings there are none: every message is written down as not sent, and shown so.
"""

from app.kernel.outbox import Carrier, Channel, Delivery
from app.notifications.gateway import SmsGateway
from app.notifications.letters import Writer
from app.settings import Settings


def delivery(settings: Settings) -> Delivery:
    """Carriers and writer for this installation; the demo city never sends anything."""
    carriers: dict[Channel, Carrier] = {}
    if settings.sms_gateway_url and not settings.demo:
        carriers[Channel.SMS] = SmsGateway(settings.sms_gateway_url, settings.sms_gateway_token)
    return Delivery(carriers, Writer(settings.base_url))
