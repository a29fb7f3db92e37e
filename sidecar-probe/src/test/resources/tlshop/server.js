// Copyright The Sidelight Authors
// SPDX-License-Identifier: Apache-2.0
// A TLS server over memory BIOs, one event loop, OpenSSL within the executable: server.js PORT. Answers as threads.py does.
const fs = require('fs');
const https = require('https');
const options = { cert: fs.readFileSync('target/tlshop.crt'), key: fs.readFileSync('target/tlshop.key') };
https
  .createServer(options, (request, response) => {
    const number = parseInt(request.url.split('/').pop(), 10);
    const body = String(request.socket.remotePort);
    // Others are served meanwhile.
    setTimeout(() => {
      response.writeHead(number % 5 === 0 ? 404 : 200, { 'content-length': body.length });
      response.end(body);
    }, number % 3);
  })
  .listen(parseInt(process.argv[2], 10), '127.0.0.1');
