#!/usr/bin/env node
// Copyright The Sidelight Authors
// SPDX-License-Identifier: Apache-2.0
//
// Bookinfo's ratings: GET /ratings/ID as JSON, GET /health; ?bytes=N pads the answer. Settings come by environment: FAULT_FILE, PORT.
'use strict';

const fs = require('fs');
const http = require('http');
const path = require('path');
const { UnreadSockets } = require('./unread_sockets');

const port = Number(process.env.PORT || 9080);
const faultFile = process.env.FAULT_FILE || '';
const NONE = { kind: 'none', milliseconds: 0 };

/** The delay that `mesh fault` wants, from a file of one line `KIND MILLISECONDS`. */
function readFault() {
  try {
    const [kind, milliseconds] = fs.readFileSync(faultFile, 'ascii').trim().split(/\s+/);
    return { kind, milliseconds: Number(milliseconds) };
  } catch (error) {
    return NONE;
  }
}

let fault = readFault();
const unreadSockets = new UnreadSockets(port);
unreadSockets.hold(fault);

if (faultFile) {
  // The file is replaced by rename, so the directory is watched: app-queue has to stop the reading before a request comes.
  fs.watch(path.dirname(faultFile), (event, name) => {
    if (name === path.basename(faultFile)) {
      fault = readFault();
      unreadSockets.hold(fault);
    }
  });
}

/** As many bytes of JSON as ?bytes= wants. */
function padded(value, url) {
  const wanted = /[?&]bytes=(\d+)/.exec(url);
  const missing = wanted ? Number(wanted[1]) - JSON.stringify(value).length - 13 : 0;
  return missing > 0 ? { padding: 'x'.repeat(missing), ...value } : value;
}

function answer(url) {
  const where = url.split('?')[0];
  if (where === '/health') {
    return [200, { status: 'Ratings is healthy' }];
  }
  if (/^\/ratings\/\d+$/.test(where)) {
    return [200, padded({ id: Number(where.split('/')[2]), ratings: { Reviewer1: 5, Reviewer2: 4 } }, url)];
  }
  return where.startsWith('/ratings/')
    ? [400, { error: 'please provide numeric product ID' }]
    : [404, { error: `no such path: ${url}` }];
}

function respond(request, response) {
  const [status, value] = answer(request.url);
  const body = Buffer.from(JSON.stringify(value));
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const wanted = request.url === '/health' ? NONE : fault;
  const send = () => {
    response.writeHead(status, headers);
    if (wanted.kind !== 'slow-body') {
      response.end(body);
      return;
    }
    const half = body.length >> 1;
    response.write(body.subarray(0, half));
    setTimeout(() => response.end(body.subarray(half)), wanted.milliseconds);
  };
  if (wanted.kind === 'app-sleep') {
    setTimeout(send, wanted.milliseconds);
  } else {
    send();
  }
}

const server = http.createServer((request, response) => {
  request.on('end', () => respond(request, response));
  response.on('finish', () => unreadSockets.again(request.socket));
  request.resume();
});
server.keepAliveTimeout = 0;
server.requestTimeout = 0;
server.headersTimeout = 0;
server.on('connection', (socket) => {
  socket.setNoDelay(true);
  unreadSockets.add(socket);
});
server.listen(port, '0.0.0.0', 512);
