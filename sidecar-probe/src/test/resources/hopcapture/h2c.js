// Copyright The Sidelight Authors
// SPDX-License-Identifier: Apache-2.0
// An HTTP/2 server without TLS: h2c.js PORT.
"use strict";
const http2 = require("http2");

const server = http2.createServer();
server.on("stream", (stream) => {
  stream.respond({ ":status": 200, "content-type": "text/plain" });
  stream.end("x".repeat(1000));
});
server.listen(Number(process.argv[2]), "127.0.0.1");
