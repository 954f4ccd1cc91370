"""Domains of mailboxes that are made to be thrown away: the well-known ones. A shop adds others in its document."""

from __future__ import annotations

_KNOWN = """
10minutemail.com 10minutemail.net 20minutemail.com 33mail.com anonbox.net burnermail.io byom.de
discard.email discardmail.com dispostable.com dropmail.me emailondeck.com fakeinbox.com
fakemailgenerator.com getairmail.com getnada.com grr.la guerrillamail.biz guerrillamail.com guerrillamail.de
guerrillamail.info guerrillamail.net guerrillamail.org harakirimail.com inboxkitten.com jetable.org mail-
temp.com mailcatch.com maildrop.cc mailexpire.com mailinator.com mailinator.net mailinator2.com
mailnesia.com mailnull.com mailsac.com mintemail.com moakt.cc moakt.com mohmal.com mytemp.email
mytrashmail.com nada.email nomail.xl.cx one-time.email sharklasers.com spam4.me spambog.com spambox.us
spamgourmet.com temp-mail.io temp-mail.org tempail.com tempinbox.com tempmail.dev tempmail.plus
tempmailo.com tempr.email throwaway.email throwawaymail.com tmail.ws trash-mail.com trashmail.com
trashmail.de trashmail.net trbvm.com wegwerfmail.de yopmail.com yopmail.fr yopmail.net
"""

DOMAINS = frozenset(_KNOWN.split())
