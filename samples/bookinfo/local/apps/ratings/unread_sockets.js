// Copyright The Sidelight Authors
// SPDX-License-Identifier: Apache-2.0
//
// The fault app-queue: a request lies in this program's socket and is not read for a while.
//
// libuv reads as soon as data comes, and a paused stream reads once more before it stops. So reading is stopped at the
// handle, where it truly leaves the data in the kernel, and the arrival is seen from outside: the receive queue in
// /proc/self/net/tcp. Without the fault none of this runs.
'use strict';

const fs = require('fs');

const POLL_MILLISECONDS = 1;
const LONGEST_POLL_MILLISECONDS = 5;
const ESTABLISHED = '01';
const CLOSE_WAIT = '08';

/** The sockets of one server, and which of them are kept from being read. */
class UnreadSockets {
  constructor(port) {
    this.localPort = port.toString(16).toUpperCase().padStart(4, '0');
    this.sockets = new Set();
    this.waiting = new Map();
    this.fault = { kind: 'none', milliseconds: 0 };
    this.timer = null;
    this.polledAt = 0;
  }

  /** Follows a new connection. */
  add(socket) {
    this.sockets.add(socket);
    socket.once('close', () => {
      this.sockets.delete(socket);
      this.waiting.delete(socket);
    });
    this.again(socket);
  }

  /** Takes a new fault: stops or resumes the reading of every connection. */
  hold(fault) {
    this.fault = fault;
    if (fault.kind === 'app-queue') {
      this.sockets.forEach((socket) => this.again(socket));
      this.timer = this.timer || setInterval(() => this.poll(), POLL_MILLISECONDS);
      return;
    }
    clearInterval(this.timer);
    this.timer = null;
    [...this.waiting.keys()].forEach((socket) => this.read(socket));
  }

  /** A response has left: the next request is to lie unread again. */
  again(socket) {
    if (this.fault.kind === 'app-queue' && socket._handle && !this.waiting.has(socket)) {
      socket._handle.readStop();
      this.waiting.set(socket, { arrived: false });
    }
  }

  read(socket) {
    this.waiting.delete(socket);
    if (socket._handle) {
      socket._handle.readStart();
    }
  }

  poll() {
    const now = performance.now();
    // What is unread now came between two polls: taken over many requests, in the middle.
    const arrivedAt = (Math.max(this.polledAt, now - LONGEST_POLL_MILLISECONDS) + now) / 2;
    this.polledAt = now;
    const unread = this.portsWithUnreadData();
    for (const [socket, state] of this.waiting) {
      if (!state.arrived && unread.has(socket.remotePort)) {
        state.arrived = true;
        this.readAt(socket, state, arrivedAt + this.fault.milliseconds);
      }
    }
  }

  /** Timers come up to a millisecond late, so the last two are spent asking the clock. */
  readAt(socket, state, when) {
    const remaining = when - performance.now();
    if (remaining > 2) {
      setTimeout(() => this.readAt(socket, state, when), remaining - 2);
    } else if (remaining > 0) {
      setImmediate(() => this.readAt(socket, state, when));
    } else if (this.waiting.get(socket) === state) {
      this.read(socket);
    }
  }

  portsWithUnreadData() {
    const ports = new Set();
    for (const line of fs.readFileSync('/proc/self/net/tcp', 'ascii').split('\n').slice(1)) {
      const [, local, remote, state, queues] = line.trim().split(/\s+/);
      if (!local || !local.endsWith(`:${this.localPort}`) || (state !== ESTABLISHED && state !== CLOSE_WAIT)) {
        continue;
      }
      if (queues.split(':')[1] !== '00000000') {
        ports.add(parseInt(remote.split(':')[1], 16));
      }
    }
    return ports;
  }
}

module.exports = { UnreadSockets };
