"""Parses calendars with Debian's icalendar, as an independent check.

Reads a JSON list of texts from standard input, writes a JSON list of what each calendar says.
"""

import json
import sys

import icalendar


def event(component):
    alarms = [alarm for alarm in component.walk("VALARM")]
    return {
        "uid": str(component["UID"]),
        "sequence": int(component["SEQUENCE"]),
        "stamp": component["DTSTAMP"].dt.isoformat(),
        "start": component["DTSTART"].dt.isoformat(),
        "end": component["DTEND"].dt.isoformat(),
        "summary": str(component["SUMMARY"]),
        "description": str(component["DESCRIPTION"]),
        "url": str(component["URL"]) if "URL" in component else None,
        "status": str(component["STATUS"]),
        "transparency": str(component["TRANSP"]),
        "organizer": str(component["ORGANIZER"]),
        "organizer_name": component["ORGANIZER"].params.get("CN"),
        "alarms": [[str(alarm["ACTION"]), alarm["TRIGGER"].dt.total_seconds()] for alarm in alarms],
        "errors": [str(error) for error in component.errors],
    }


def parsed(text):
    calendar = icalendar.Calendar.from_ical(text)
    return {
        "product": str(calendar["PRODID"]),
        "version": str(calendar["VERSION"]),
        "method": str(calendar["METHOD"]),
        "events": [event(component) for component in calendar.walk("VEVENT")],
        "errors": [str(error) for error in calendar.errors],
    }


json.dump([parsed(text) for text in json.load(sys.stdin)], sys.stdout)
