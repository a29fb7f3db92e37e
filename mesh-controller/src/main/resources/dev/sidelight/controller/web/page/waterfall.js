/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {COMPONENTS, FLAGS, REASONS} from './components.js';
import {h, s} from './dom.js';
import {bytes, clock, nanos, percent} from './format.js';
import {timeLine} from './points.js';

const WIDTH = 1000;
const ROW = 18;

/**
 * One call, each component on a time line.
 *
 * @param {any} call of GET /api/v1/requests?ends=true
 * @returns {HTMLElement}
 */
export function waterfall(call) {
  const line = timeLine(call);
  const total = Math.max(call.totalNanos, ...line.pieces.map(({end}) => end), 1);
  const rows = COMPONENTS.filter(({key}) => call.components[key] !== undefined);
  return h('div', {class: 'waterfall', 'data-testid': 'waterfall', 'data-request-id': call.requestId, 'data-total-nanos': call.totalNanos},
    h('dl', {class: 'facts'},
      fact('call', `${call.method} ${call.path}`), fact('status', statusOf(call)), fact('total', nanos(call.totalNanos)),
      fact('started', clock(call.startEpochNanos / 1e6)), fact('request id', call.requestId || 'none'),
      fact('bytes', `${bytes(call.requestBytes)} there, ${bytes(call.responseBytes)} back`), fact('mutual TLS', call.mutualTls ? 'yes' : 'no')),
    h('table', {class: 'lanes'},
      h('thead', null, h('tr', null, h('th', null, 'component'), h('th', {class: 'axis'}, axis(total)), h('th', null, 'time'), h('th', null, 'share'))),
      h('tbody', null, rows.map(({key, label, rollup, what}) => h('tr', null,
        h('th', {scope: 'row', title: what}, h('span', {class: `swatch back-${rollup}`}), label),
        h('td', {class: 'lane'}, lane(line, key, rollup, total)),
        h('td', {
          'data-testid': 'waterfall-bar', 'data-component': key, 'data-nanos': call.components[key],
        }, nanos(call.components[key])),
        h('td', null, percent(call.components[key] / call.totalNanos)))))),
    h('ul', {class: 'notes'}, notes(call, line).map((note) => h('li', null, note))));
}

/** @param {any} call */
export function statusOf(call) {
  return `${call.responseCode || 'no response'}${call.responseFlags && call.responseFlags !== '-' ? ` ${call.responseFlags}` : ''}`;
}

/**
 * @param {import('./points.js').TimeLine} line
 * @param {string} key
 * @param {string} rollup
 * @param {number} total
 */
function lane(line, key, rollup, total) {
  return s('svg', {viewBox: `0 0 ${WIDTH} ${ROW}`, height: ROW, preserveAspectRatio: 'none', 'aria-hidden': 'true'},
    [0.25, 0.5, 0.75].map((at) => s('line', {x1: at * WIDTH, x2: at * WIDTH, y1: 0, y2: ROW, class: 'grid'})),
    line.pieces.filter(({component, start, end}) => component === key && end > start).map(({start, end, way}) => s('rect', {
      x: ((start / total) * WIDTH).toFixed(2), width: Math.max(((end - start) / total) * WIDTH, 1.5).toFixed(2), y: 4, height: ROW - 8,
      class: `fill-${rollup}${line.seen ? '' : ' guessed'}`,
    }, s('title', null, `${way === 'between' ? '' : `${way}: `}${nanos(end - start)} from ${nanos(start)} on`))));
}

/** @param {number} total */
function axis(total) {
  return h('span', {class: 'ticks'}, h('span', null, '0'), h('span', null, nanos(total / 2)), h('span', null, nanos(total)));
}

/**
 * @param {string} name
 * @param {string} value
 */
function fact(name, value) {
  return h('div', null, h('dt', null, name), h('dd', null, value));
}

/**
 * @param {any} call
 * @param {import('./points.js').TimeLine} line
 * @returns {string[]}
 */
function notes(call, line) {
  const notes = [];
  if (call.coverage !== 'full') {
    notes.push(`Not seen in full: ${REASONS[call.reason] ?? call.reason}.`);
  }
  call.flags.forEach((/** @type {string} */ flag) => notes.push(`${flag}: ${FLAGS[flag] ?? ''}.`));
  if (!line.seen) {
    notes.push('When each part passed was not seen: they are drawn in the order of the path, there and back together.');
  }
  if (line.placed) {
    notes.push('The two nodes have clocks of their own: the destination\'s part is drawn in the middle of the source\'s wait. How the network\'s time splits between there and back is not known.');
  }
  if (line.differing.length > 0) {
    notes.push(`Figures of ${line.differing.join(', ')} count in time that passed in another place; the figures are right, the lines show where it passed.`);
  }
  if (call.applicationUpstreamWaitNanos !== undefined) {
    notes.push(`Of the application's time it waited ${nanos(call.applicationUpstreamWaitNanos)} for its own calls and worked ${nanos(call.applicationSelfNanos)} itself.`);
  }
  return notes;
}
