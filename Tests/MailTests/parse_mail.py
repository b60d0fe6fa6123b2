"""Parses mails with Python's own email package, as an independent check.

Reads a JSON list of base64 strings from standard input, writes a JSON list of what each mail says.
"""

import base64
import email
import email.policy
import json
import sys


def parsed(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = list(message.walk())
    defects = [repr(defect) for part in parts for defect in part.defects]
    for name in message.keys():
        defects += [f"{name}: {defect!r}" for defect in message[name].defects]
    bodies = {part.get_content_type(): part.get_content() for part in parts if not part.is_multipart()}
    return {
        "headers": [[name, str(value)] for name, value in message.items()],
        "from_name": message["From"].addresses[0].display_name,
        "from_address": message["From"].addresses[0].addr_spec,
        "to": [address.addr_spec for address in message["To"].addresses],
        "subject": str(message["Subject"]),
        "date": message["Date"].datetime.isoformat(),
        "content_type": message.get_content_type(),
        "parts": [part.get_content_type() for part in parts],
        "text": bodies.get("text/plain", ""),
        "html": bodies.get("text/html", ""),
        "defects": defects,
    }


json.dump([parsed(base64.b64decode(mail)) for mail in json.load(sys.stdin)], sys.stdout)
