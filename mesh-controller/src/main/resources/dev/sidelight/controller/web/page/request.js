/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {apiPath, fetchJson, isAbort} from './api.js';
import {h, replace, s} from './dom.js';
import {edgeId, workloadId, workloadName} from './edges.js';
import {nanos} from './format.js';
import {CALLS_WINDOW, link} from './route.js';

const AT_MOST = 50;

/** All calls that one request made on its way through the mesh: calls with the same request id, by their start. */
export class RequestCalls {
  constructor() {
    this.element = h('div', {class: 'request', 'data-testid': 'request-calls'});
    /** @type {AbortController | null} */
    this.asking = null;
  }

  stop() {
    this.asking?.abort();
  }

  /** @param {any} call the one that is open */
  async show(call) {
    this.stop();
    replace(this.element);
    if (!call.requestId) {
      return;
    }
    this.asking = new AbortController();
    try {
      const {requests} = await fetchJson(apiPath('/api/v1/requests', {requestId: call.requestId, window: CALLS_WINDOW, limit: AT_MOST}), {signal: this.asking.signal});
      this.draw(requests, call);
    } catch (failure) {
      if (!isAbort(failure)) {
        replace(this.element, h('p', {class: 'note'}, `The request's other calls are not told: ${/** @type {Error} */ (failure).message}.`));
      }
    }
  }

  /**
   * @param {any[]} calls
   * @param {any} open
   */
  draw(calls, open) {
    if (calls.length < 2) {
      return;
    }
    const sorted = [...calls].sort((a, b) => a.startEpochNanos - b.startEpochNanos || b.totalNanos - a.totalNanos);
    const start = sorted[0].startEpochNanos;
    const span = Math.max(...sorted.map(({startEpochNanos, totalNanos}) => startEpochNanos - start + totalNanos), 1);
    replace(this.element, h('h4', null, `Calls of this request: ${sorted.length}`), h('table', {class: 'lanes'}, h('tbody', null, sorted.map((call) => {
      const own = edgeId(call) === edgeId(open);
      const name = `${workloadName(workloadId(call.source))} → ${workloadName(workloadId(call.destination))}`;
      return h('tr', {class: own ? 'own' : ''},
        h('th', {scope: 'row', title: name}, own ? name : h('a', {href: link({edge: edgeId(call), call: call.requestId})}, name)),
        h('td', {class: 'lane'}, bar(call, (call.startEpochNanos - start) / span, call.totalNanos / span)),
        h('td', null, nanos(call.totalNanos)));
    }))));
  }
}

/**
 * @param {any} call
 * @param {number} start of 1
 * @param {number} length
 */
function bar(call, start, length) {
  const failed = call.responseCode >= 500 || call.responseCode === 0;
  return s('svg', {viewBox: '0 0 1000 10', height: 10, preserveAspectRatio: 'none', 'aria-hidden': 'true'},
    s('rect', {x: start * 1000, y: 1, width: Math.max(length * 1000, 2), height: 8, class: failed ? 'call failed' : 'call'}));
}
