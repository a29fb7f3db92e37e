/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {h, replace} from './dom.js';
import {clock, nanos} from './format.js';
import {Rows} from './rows.js';

/** The exchanges that a profile tells singly, the latest first. */

const WHY = /** @type {Record<string, string>} */ ({slow: 'slow', clientError: '4xx', serverError: '5xx'});
const ROWS_MAX = 200;

export class SamplesTable {
  constructor() {
    this.note = h('p', {class: 'dim'});
    const body = h('tbody', null);
    const columns = ['Time', 'Why', 'Seen by', 'Request', 'Status', 'Duration', 'Headers'];
    this.table = h('table', {class: 'samples'}, h('thead', null, h('tr', null, columns.map((name) => h('th', {scope: 'col'}, name)))), body);
    this.root = h('section', {class: 'pod-part', 'data-testid': 'samples', hidden: true}, h('h3', null, 'Samples'), this.note, this.table);
    this.rows = new Rows(body, sampleKey, sampleRow);
  }

  /**
   * @param {any[]} samples
   * @param {import('./profiles.js').Profile} profile
   */
  update(samples, profile) {
    const latest = [...samples].sort((one, other) => other.epochMillis - one.epochMillis).slice(0, ROWS_MAX);
    this.root.hidden = false;
    this.table.hidden = latest.length === 0;
    this.rows.update(latest);
    replace(this.note, noteOf(samples.length, latest.length, profile));
  }

  /** There is no profile to tell of. */
  hide() {
    this.root.hidden = true;
    this.rows.update([]);
  }
}

/**
 * @param {number} told
 * @param {number} shown
 * @param {import('./profiles.js').Profile} profile
 */
function noteOf(told, shown, {samples, samplesOmitted: omitted = 0}) {
  if (!samples) {
    return 'None were asked for: tick “Sample exchanges” before the start.';
  }
  return [
    told === 0 ? 'No exchange was as slow as was asked for, or failed, so far.' : '',
    shown < told ? `The latest ${shown} of ${told}.` : '',
    omitted > 0 ? `${omitted} more were beyond the bounds and are not told.` : '',
  ].filter(Boolean).join(' ');
}

/** @param {any} sample */
function sampleKey(sample) {
  return [sample.epochMillis, sample.process, sample.role, sample.method, sample.path, sample.requestId, sample.durationNanos].join(' ');
}

/**
 * @param {any} sample
 * @returns {import('./rows.js').Row<any>}
 */
function sampleRow(sample) {
  const headers = [...(sample.requestHeaders ?? []), ...(sample.responseHeaders ?? [])];
  const root = h(
    'tr',
    {'data-testid': 'sample', 'data-why': sample.why, 'data-status': sample.status, 'data-duration-nanos': sample.durationNanos},
    h('td', null, clock(sample.epochMillis)),
    h('td', null, WHY[sample.why] ?? sample.why),
    h('td', null, [sample.process, sample.role].filter(Boolean).join(', ')),
    h('td', {class: 'request'}, h('code', null, [sample.method, sample.path].filter(Boolean).join(' ') || sample.protocol), requestId(sample)),
    h('td', null, sample.status ?? ''),
    h('td', null, nanos(sample.durationNanos)),
    h(
      'td',
      {class: 'headers'},
      headers.length > 0 &&
        h('details', null, h('summary', null, `${headers.length}${sample.headersTruncated ? '+' : ''}`), headerList('Request', sample.requestHeaders), headerList('Response', sample.responseHeaders), sample.headersTruncated && h('p', {class: 'dim'}, 'There were more than the kernel keeps.')),
    ),
  );
  return {root, update() {}};
}

/** @param {any} sample */
function requestId({requestId}) {
  return requestId ? h('div', {class: 'dim', title: 'x-request-id'}, requestId) : null;
}

/**
 * @param {string} title
 * @param {{name: string, value?: string}[]} [headers]
 */
function headerList(title, headers) {
  if (!headers || headers.length === 0) {
    return null;
  }
  const items = headers.flatMap(({name, value}) => [
    h('dt', null, name),
    h('dd', value === undefined ? {class: 'dim', title: 'Its value does not leave the node: it is not on the allow list'} : null, value ?? 'not told'),
  ]);
  return [h('h4', null, title), h('dl', null, items)];
}
