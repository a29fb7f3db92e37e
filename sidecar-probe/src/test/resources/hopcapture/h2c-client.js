// Copyright The Sidelight Authors
// SPDX-License-Identifier: Apache-2.0
// An HTTP/2 client without TLS: h2c-client.js PORT. A line "REQUESTS AT_ONCE" is answered with "OK COUNT".
"use strict";
const http2 = require("http2");
const readline = require("readline");

let session;

// One connection, made again only where it failed: the listener may not be there yet.
function connected() {
  if (!session || session.closed || session.destroyed) {
    session = http2.connect(`http://127.0.0.1:${process.argv[2]}`);
    session.on("error", () => {});
  }
  return session;
}

function run(requests, atOnce) {
  let begun = 0;
  let ended = 0;
  let right = 0;
  const next = () => {
    if (begun === requests) return;
    const number = begun++;
    const stream = connected().request({ ":path": `/items/${number}`, "x-request-id": `item-${number}` });
    stream.on("response", (headers) => (right += headers[":status"] === 200 ? 1 : 0));
    stream.on("error", () => {});
    stream.on("close", () => (++ended === requests ? console.log(`OK ${right}`) : next()));
    stream.resume();
    stream.end();
  };
  for (let i = 0; i < atOnce; i++) next();
}

readline.createInterface({ input: process.stdin }).on("line", (line) => run(...line.split(" ").map(Number)));
