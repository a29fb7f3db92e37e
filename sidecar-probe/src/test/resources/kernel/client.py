# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Sends requests on one connection and keeps it open: client.py PORT [CERTIFICATE]. A line on standard input is
"COUNT PATH"; the answer is a line "OK COUNT" when all were answered with 200. Run by an executable called envoy it makes
its network namespace a pod."""
import http.client
import ssl
import sys

if len(sys.argv) > 2:
    context = ssl.create_default_context(cafile=sys.argv[2])
    connection = http.client.HTTPSConnection("localhost", int(sys.argv[1]), context=context)
else:
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
print("READY", flush=True)
for line in sys.stdin:
    count, path = line.split()
    answered = 0
    for number in range(int(count)):
        connection.request("GET", path, headers={"x-request-id": "%s-%d" % (path.strip("/"), number)})
        response = connection.getresponse()
        response.read()
        answered += response.status == 200
    print("OK", answered, flush=True)
