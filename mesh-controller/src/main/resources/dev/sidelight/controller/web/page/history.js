/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {apiPath} from './api.js';
import {changeOf} from './change.js';
import {Chart} from './chart.js';
import {ROLLUP, ROLLUPS} from './components.js';
import {h} from './dom.js';
import {clock, seconds} from './format.js';
import {Poll} from './poll.js';
import {route} from './route.js';

const SHORTEST_SECONDS = 900;
const SHORTEST_SHOWN_MILLIS = 120_000;

/** How an edge's times went: percentiles, and whose time it was. */
export class History {
  /**
   * @param {string} source NAMESPACE/WORKLOAD
   * @param {string} destination
   * @param {string} protocol
   */
  constructor(source, destination, protocol) {
    this.percentiles = new Chart({label: 'p50, p95 and p99 of a call over time', format: seconds, height: 100});
    this.rollups = new Chart({label: 'Mean of a call over time, by whose time it was', format: seconds, stacked: true, height: 100});
    this.note = h('p', {class: 'note'});
    this.change = h('p', {class: 'change', 'data-testid': 'change', hidden: true});
    this.charts = h('div', {class: 'charts', hidden: true}, this.percentiles.element, this.rollups.element);
    this.element = h('div', {class: 'history', 'data-testid': 'history'}, this.charts, this.note);
    this.poll = new Poll(() => apiPath('/api/v1/history', {source, destination, protocol, window: windowOf(route().window)}), 5_000,
      (answer) => this.show(answer), (failure) => this.fail(failure)).start();
  }

  stop() {
    this.poll.stop();
  }

  now() {
    this.poll.now();
  }

  /** @param {any} answer */
  show({slices, windowSeconds, stepSeconds, from}) {
    this.charts.hidden = false;
    this.showChange(changeOf(slices));
    this.note.textContent = slices.length === 0 ? 'No calls in this time.' : from === 'prometheus' ? 'From Prometheus.' : '';
    const step = stepSeconds * 1000;
    const to = Math.max(Date.now(), slices.at(-1)?.epochMillis ?? 0);
    // Of a controller that is young the part that there is.
    const first = (slices[0]?.epochMillis ?? to) - step;
    const start = Math.max(to - windowSeconds * 1000, Math.min(first, to - SHORTEST_SHOWN_MILLIS));
    /** @param {(slice: any) => number | undefined} of @returns {[number, number | undefined][]} */
    const points = (of) => slices.map((/** @type {any} */ slice) => [slice.epochMillis, of(slice)]);
    this.percentiles.show([
      {label: 'p50', color: '--p50', points: points(({total}) => total?.p50Seconds)},
      {label: 'p95', color: '--p95', points: points(({total}) => total?.p95Seconds)},
      {label: 'p99', color: '--p99', points: points(({total}) => total?.p99Seconds)},
    ], start, to, step);
    this.rollups.show(ROLLUPS.filter(({key}) => slices.some((/** @type {any} */ slice) => slice.rollups?.[key])).map(({key, label}) => ({
      label, color: `--${key}`,
      points: points(({total, rollups}) => (rollups?.[key] && total?.count ? (rollups[key].meanSeconds * rollups[key].count) / total.count : undefined)),
    })), start, to, step);
  }

  /** @param {import('./change.js').Change | null} change */
  showChange(change) {
    this.change.hidden = change === null;
    this.change.textContent = change === null ? '' :
      `Since ${clock(change.sinceMillis)} a call takes ${seconds(change.nowSeconds - change.usualSeconds)} longer than before (${seconds(change.usualSeconds)}); `
      + (change.rollupSeconds > 0 ? `of it ${ROLLUP.get(change.rollup)?.label} ${seconds(change.rollupSeconds)}.` : 'whose part has grown is not known.');
    this.change.dataset.rollup = change?.rollup ?? '';
  }

  /** @param {Error} failure */
  fail(failure) {
    this.charts.hidden = true;
    this.showChange(null);
    this.note.textContent = `No history: ${failure.message}.`;
  }
}

/**
 * At least a quarter of an hour: what was before is what one wants to compare with.
 *
 * @param {string} window
 */
function windowOf(window) {
  const size = Number.parseInt(window, 10) * ({s: 1, m: 60, h: 3600}[window.slice(-1)] ?? 1);
  return size < SHORTEST_SECONDS ? `${SHORTEST_SECONDS / 60}m` : window;
}
