"""Reads a JSON list of texts in Prometheus's format; writes their families as the client library's parser sees them."""
import json
import sys

from prometheus_client.parser import text_string_to_metric_families

answers = []
for text in json.load(sys.stdin):
    answers.append([
        {
            "name": family.name,
            "type": family.type,
            "help": family.documentation,
            "samples": [
                {"name": sample.name, "labels": sample.labels, "value": sample.value} for sample in family.samples
            ],
        }
        for family in text_string_to_metric_families(text)
    ])
json.dump(answers, sys.stdout)
