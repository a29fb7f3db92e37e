/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check

/**
 * @typedef {object} Process
 * @property {string} id
 * @property {string} name of the executable
 * @property {number[]} [pids]
 * @property {number[]} [listeningPorts]
 *
 * @typedef {object} Remote
 * @property {string} id
 * @property {string} name
 * @property {string} kind workload or remote
 * @property {string} [namespace]
 *
 * @typedef {object} Line all connections of the same two nodes, protocol, TLS and server's port
 * @property {string} id
 * @property {string} from who opened them
 * @property {string} to
 * @property {string} [protocol]
 * @property {boolean} [tls]
 * @property {number} [port]
 * @property {number} [connections]
 * @property {Record<string, any>} [sides] client, server
 *
 * @typedef {object} Topology
 * @property {Process[]} processes
 * @property {Remote[]} remotes
 * @property {Line[]} lines
 */

/** Protocols as they are written; the others as the probe names them. */
const PROTOCOLS = /** @type {Record<string, string>} */ ({
  http1: 'HTTP/1',
  http2: 'HTTP/2',
  grpc: 'gRPC',
  tls: '',
  tcp: 'TCP',
  mysql: 'MySQL',
  redis: 'Redis',
  postgres: 'PostgreSQL',
  mongodb: 'MongoDB',
  kafka: 'Kafka',
  dns: 'DNS',
});

/**
 * `HTTP/1 TLS :9080`: what a line carries, and the port of who accepted.
 *
 * @param {Line} line
 */
export function lineLabel(line) {
  const protocol = PROTOCOLS[line.protocol ?? ''] ?? line.protocol;
  return [protocol, line.tls || line.protocol === 'tls' ? 'TLS' : '', line.port ? `:${line.port}` : ''].filter(Boolean).join(' ');
}

/**
 * Names of a topology's nodes by their ids.
 *
 * @param {Topology} topology
 * @returns {Map<string, string>}
 */
export function nodeNames(topology) {
  return new Map([...topology.processes, ...topology.remotes].map((node) => [node.id, node.name]));
}
