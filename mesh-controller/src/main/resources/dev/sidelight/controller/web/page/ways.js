/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {stackedBar} from './bar.js';
import {COMPONENTS} from './components.js';
import {h} from './dom.js';
import {nanos} from './format.js';
import {timeLine} from './points.js';

/**
 * Request and response apart: what the parts took on either way, in the mean of those of the calls whose points were all seen.
 *
 * @param {any[]} calls of GET /api/v1/requests?ends=true
 * @returns {HTMLElement}
 */
export function ways(calls) {
  const lines = calls.filter(({coverage}) => coverage === 'full').map(timeLine).filter(({seen, differing}) => seen && differing.length === 0);
  if (lines.length === 0) {
    return h('p', {class: 'note'}, 'Request and response cannot be told apart: none of the last calls was seen at all of its points.');
  }
  /** @type {Map<string, number>} */
  const sums = new Map();
  lines.forEach(({pieces}) => pieces.forEach(({component, way, start, end}) => {
    const key = `${way} ${component}`;
    sums.set(key, (sums.get(key) ?? 0) + (end - start) / lines.length);
  }));
  /** @param {string} way */
  const partsOf = (way) => (way === 'response' ? [...COMPONENTS].reverse() : COMPONENTS).map(({key, rollup, label}) => {
    const value = sums.get(`${way} ${key}`) ?? 0;
    return {key, rollup, label, value, text: nanos(value)};
  });
  /** @type {[string, ReturnType<typeof partsOf>][]} */
  const rows = [['request', partsOf('request')], ['at the app', partsOf('between')], ['response', partsOf('response')]];
  const largest = Math.max(...rows.map(([, parts]) => sum(parts)));
  const halves = lines.filter(({placed}) => placed).length;
  return h('div', null,
    h('table', {class: 'lanes'}, h('tbody', null, rows.map(([label, parts]) => h('tr', null,
      h('th', {scope: 'row'}, label),
      h('td', {class: 'lane'}, stackedBar(parts, {total: largest, height: 14, label: `${label}: ${parts.filter(({value}) => value > 0).map((part) => `${part.label} ${part.text}`).join(', ')}`})),
      h('td', null, nanos(sum(parts))))))),
    h('p', {class: 'note'}, `Mean of the ${lines.length} newest calls that were seen at all points.${halves > 0 ? ' The network\'s time is drawn in halves: the nodes\' clocks differ.' : ''}`));
}

/** @param {{value: number}[]} parts */
function sum(parts) {
  return parts.reduce((before, {value}) => before + value, 0);
}
