/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check

/**
 * Whose time it is. In the order in which they are drawn.
 *
 * @typedef {object} Rollup
 * @property {string} key as in the API; its colour is the custom property of that name
 * @property {string} label
 * @property {string} what
 */

/** @type {Rollup[]} */
export const ROLLUPS = [
  {key: 'sidecar', label: 'sidecars', what: 'the two Envoys: queue, work, wait for a connection'},
  {key: 'network', label: 'network', what: 'between the two Envoys'},
  {key: 'application', label: 'application', what: 'the destination\'s app, its own calls included'},
  {key: 'kernel', label: 'loopback', what: 'the kernel\'s passage between a sidecar and its app'},
  {key: 'caller', label: 'caller', what: 'the source\'s app: sends the request, reads the response'},
  {key: 'retry', label: 'retries', what: 'attempts before the last one'},
  {key: 'unknown', label: 'not told', what: 'nobody saw whose it was'},
];

/**
 * A part of a call.
 *
 * @typedef {object} Component
 * @property {string} key as in the API
 * @property {string} rollup
 * @property {string} label
 * @property {'request' | 'response' | 'both' | 'between'} way when it passes: between is after the request and before the response
 * @property {string} what
 */

/** In the order of the path. @type {Component[]} */
export const COMPONENTS = [
  component('request_transfer', 'caller', 'caller sends', 'request', 'first to last send of the request by the source\'s app'),
  component('request_transfer_blocked', 'unknown', 'caller sends, blocked', 'request', 'the same where it waited for room: nobody knows who did not take the bytes'),
  component('source_hop', 'kernel', 'loopback at source', 'both', 'between the source\'s app and its sidecar'),
  component('source_sidecar_queue', 'sidecar', 'queue of source sidecar', 'both', 'data lies in the sidecar\'s socket until Envoy reads it'),
  component('source_sidecar', 'sidecar', 'source sidecar', 'both', 'Envoy at work'),
  component('source_sidecar_connect', 'sidecar', 'source sidecar connects', 'request', 'its wait for an upstream connection'),
  component('retry', 'retry', 'retries', 'request', 'from the first attempt\'s send to the last\'s'),
  component('network', 'network', 'network', 'both', 'between the two Envoys, by durations'),
  component('link_unsplit', 'unknown', 'link, not split', 'both', 'between the two Envoys, sockets\' queues included'),
  component('destination_sidecar_queue', 'sidecar', 'queue of destination sidecar', 'both', 'data lies in the sidecar\'s socket until Envoy reads it'),
  component('destination_sidecar', 'sidecar', 'destination sidecar', 'both', 'Envoy at work'),
  component('destination_sidecar_connect', 'sidecar', 'destination sidecar connects', 'request', 'its wait for a connection to the app'),
  component('destination_hop', 'kernel', 'loopback at destination', 'both', 'between the destination\'s sidecar and its app'),
  component('application_queue', 'application', 'queue of application', 'request', 'the request lies in the app\'s socket until the app reads it'),
  component('application', 'application', 'application', 'between', 'last read of the request to first send of the response'),
  component('response_transfer', 'application', 'application sends', 'response', 'first to last send of the response'),
  component('response_transfer_blocked', 'unknown', 'application sends, blocked', 'response', 'the same where it waited for room: nobody knows who did not take the bytes'),
  component('destination_unsplit', 'unknown', 'beyond the proxy, not split', 'both', 'what lay beyond the destination\'s proxy'),
  component('source_application_read', 'caller', 'caller reads', 'response', 'the response lies in the source app\'s socket until it reads'),
];

/** @type {Map<string, Component>} */
export const COMPONENT = new Map(COMPONENTS.map((each) => [each.key, each]));

/** @type {Map<string, Rollup>} */
export const ROLLUP = new Map(ROLLUPS.map((each) => [each.key, each]));

/** Why a call was not seen in full. @type {Record<string, string>} */
export const REASONS = {
  no_source_proxy: 'the caller has no proxy that logs to Sidelight',
  no_destination_entry: 'the destination has no proxy that logs to Sidelight, or its entry never came',
  no_source_entry: 'the source\'s access log entry never came',
  no_upstream: 'the proxy answered by itself, or reached no upstream',
  no_clock: 'the node\'s probe has told no clock sample yet',
  no_source_downstream: 'no kernel record between the source\'s app and its sidecar at that time',
  no_source_app: 'no kernel record of the source\'s app',
  no_source_upstream: 'no kernel record of the source sidecar\'s upstream connection',
  no_destination_downstream: 'no kernel record of the destination sidecar\'s downstream connection',
  no_destination_upstream: 'no kernel record between the destination\'s sidecar and its app',
  no_destination_app: 'no kernel record of the destination\'s app',
  link_mismatch: 'the link\'s two ends do not agree on the stream positions',
  negative_network: 'the destination\'s time exceeds what its caller waited',
  incomplete_exchange: 'a send, an arrival or a read was not seen',
  request_id_mismatch: 'another request id was read on the hop',
  ambiguous_exchange: 'two exchanges fit, and no id tells which it was',
  ambiguous_stream: 'several HTTP/2 streams fit, and their order does not tell them apart',
  early_response: 'the response came before the request had been sent',
};

/** What a reader of a call's figures should know. @type {Record<string, string>} */
export const FLAGS = {
  clamped: 'a point lay before its predecessor and was moved up to it',
  attempts_unseen: 'earlier attempts were not seen: their time is in the sidecar\'s',
  order_violated: 'kernel and access log contradict one another in the order of events',
  new_connection: 'first exchange of a connection',
  link_by_als: 'the link carries several streams, encrypted: Envoy\'s stamps stand in there',
  flow_controlled: 'somebody waited for room in a full socket',
};

/**
 * @param {string} key
 * @param {string} rollup
 * @param {string} label
 * @param {Component['way']} way
 * @param {string} what
 * @returns {Component}
 */
function component(key, rollup, label, way, what) {
  return {key, rollup, label, way, what};
}
