#!/usr/bin/env python3
"""Validates job tickets against CIP4's schema: check_xjdf.py xjdf.xsd ticket.xjdf... (needs lxml).

The schema is not part of this repository: CIP4's licence does not allow it. It is at https://schema.cip4.org.
"""

import sys

from lxml import etree


def main() -> int:
    schema, *tickets = sys.argv[1:]
    validator = etree.XMLSchema(etree.parse(schema))
    wrong = 0
    for ticket in tickets:
        if not validator.validate(etree.parse(ticket)):
            wrong += 1
            for fault in validator.error_log:
                print(f"{ticket}:{fault.line}: {fault.message}")
    print(f"{len(tickets) - wrong} of {len(tickets)} valid")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
