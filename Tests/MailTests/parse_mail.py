"""Parses mails with Python's own email package, as an independent check.

Reads a JSON list of base64 strings from standard input, writes a JSON list of what each mail says.
"""

import base64
import email
import email.header
import email.policy
import email.utils
import json
import sys


def decoded_name(raw):
    # Not message["From"].display_name: before 3.12 it keeps the blanks between encoded words.
    value = email.message_from_bytes(raw, policy=email.policy.compat32)["From"]
    name, _ = email.utils.parseaddr(value)
    return str(email.header.make_header(email.header.decode_header(name)))


def parsed(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = list(message.walk())
    defects = [repr(defect) for part in parts for defect in part.defects]
    for name in message.keys():
        defects += [f"{name}: {defect!r}" for defect in message[name].defects]
    bodies = {part.get_content_type(): part.get_content().replace("\r\n", "\n") for part in parts if not part.is_multipart()}
    return {
        "headers": [[name, str(value)] for name, value in message.items()],
        "from_name": decoded_name(raw),
        "from_address": message["From"].addresses[0].addr_spec,
        "to": [address.addr_spec for address in message["To"].addresses],
        "subject": str(message["Subject"]),
        "date": message["Date"].datetime.isoformat(),
        "content_type": message.get_content_type(),
        "parts": [part.get_content_type() for part in parts],
        "text": bodies.get("text/plain", ""),
        "html": bodies.get("text/html", ""),
        "calendar": bodies.get("text/calendar"),
        "attachments": [part.get_filename() for part in parts if part.get_content_disposition() == "attachment"],
        "defects": defects,
    }


json.dump([parsed(base64.b64decode(mail)) for mail in json.load(sys.stdin)], sys.stdout)
