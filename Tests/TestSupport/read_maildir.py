"""Writes the mails of the Maildir given as argument, as a JSON list of base 64."""

import base64
import json
import mailbox
import sys

mails = mailbox.Maildir(sys.argv[1], create=False)
print(json.dumps([base64.b64encode(mails.get_bytes(key)).decode("ascii") for key in mails.keys()]))
