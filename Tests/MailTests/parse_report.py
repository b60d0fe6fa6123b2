"""Reads mails (a JSON list of base 64 texts) and writes what Python's email package finds of delivery reports."""

import base64
import email
import json
import sys


def content(part):
    """The text of a part, whether the package took it for a message or not."""
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    payload = part.get_payload()
    if isinstance(payload, list):
        payload = "\n".join(item.as_string() for item in payload)
    if encoding in ("base64", "quoted-printable"):
        part = email.message_from_string("Content-Transfer-Encoding: %s\n\n%s" % (encoding, payload))
        return part.get_payload(decode=True).decode("utf-8", "replace")
    return payload.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def outer_parts(mail):
    """All parts, without those of messages that the mail holds."""
    yield mail
    if mail.get_content_maintype() == "multipart" and mail.is_multipart():
        for part in mail.get_payload():
            yield from outer_parts(part)


def one_line(value):
    return " ".join(str(value or "").split())


def parsed(data):
    mail = email.message_from_bytes(data)
    groups, message_id = [], ""
    for part in outer_parts(mail):
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            for text in content(part).replace("\r\n", "\n").split("\n\n"):
                group = email.message_from_string(text.strip("\n"))
                if group["Final-Recipient"]:
                    groups.append(
                        {
                            "final": one_line(group["Final-Recipient"]),
                            "original": one_line(group["Original-Recipient"]),
                            "action": one_line(group["Action"]).lower(),
                            "status": one_line(group["Status"]),
                            "diagnostic": one_line(group["Diagnostic-Code"]),
                        }
                    )
        elif kind in ("message/rfc822", "message/global", "text/rfc822-headers"):
            message_id = one_line(email.message_from_string(content(part).lstrip())["Message-ID"])
    return {"groups": groups, "message_id": message_id}


json.dump([parsed(base64.b64decode(mail)) for mail in json.load(sys.stdin)], sys.stdout)
