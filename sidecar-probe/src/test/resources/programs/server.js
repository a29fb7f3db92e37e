// Copyright The Sidelight Authors
// SPDX-License-Identifier: Apache-2.0
// The program of the tests in Node: server.js PORT, server.js PORT CERTIFICATE KEY for https, server.js PORT http2 for h2c.
// GET answers 200, or 404 below /missing; POST reads its body and answers 201.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const http2 = require('node:http2');
const https = require('node:https');

const BODY = JSON.stringify({program: 'node', filler: 'x'.repeat(200)});

function answer(request, response) {
  if (request.method === 'POST') {
    request.resume().on('end', () => response.writeHead(201).end(BODY));
  } else {
    response.writeHead(request.url.startsWith('/missing') ? 404 : 200).end(BODY);
  }
}

const [port, certificate, key] = process.argv.slice(2);
let server;
if (certificate === 'http2') {
  server = http2.createServer(answer);
} else if (certificate) {
  server = https.createServer({cert: fs.readFileSync(certificate), key: fs.readFileSync(key)}, answer);
} else {
  server = http.createServer(answer);
}
server.keepAliveTimeout = 60000;
server.listen(Number(port), '0.0.0.0');
