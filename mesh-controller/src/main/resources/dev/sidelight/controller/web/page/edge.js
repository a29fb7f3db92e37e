/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {apiPath} from './api.js';
import {legend, stackedBar} from './bar.js';
import {COMPONENTS, REASONS, ROLLUPS} from './components.js';
import {h, replace} from './dom.js';
import {contribution, endsOf, workloadName} from './edges.js';
import {ABSENT, bytes, count, percent, rate, seconds} from './format.js';
import {History} from './history.js';
import {Poll} from './poll.js';
import {callsWindow, go, link, route} from './route.js';
import {SlowCalls} from './slow.js';
import {evidence, headline, UNSPLIT, UPSTREAM_WAIT, verdictOf} from './verdict.js';
import {ways} from './ways.js';

const SAMPLE = 50;

/** One edge, opened: whose time it was, and what that rests on. */
export class EdgePanel {
  /**
   * @param {HTMLElement} area
   * @param {string} id of the edge
   */
  constructor(area, id) {
    this.id = id;
    this.ends = endsOf(id);
    const {source, destination, protocol} = this.ends;
    this.close = h('button', {type: 'button', class: 'close', 'data-testid': 'close', 'aria-label': 'Close', title: 'Close (Esc)', onclick: () => go({edge: '', call: ''})}, '×');
    this.subtitle = h('p', {class: 'subtitle'});
    this.verdict = h('p', {class: 'headline', 'data-testid': 'verdict'});
    this.evidence = h('p', {class: 'evidence'});
    this.further = h('p', {class: 'further'});
    this.figures = h('div', {class: 'figures', 'data-testid': 'total'});
    this.breakdown = h('div', {class: 'breakdown'});
    this.ways = h('div', {class: 'ways'});
    this.components = h('div', {class: 'components'});
    this.transport = h('div', {class: 'transport'});
    this.coverage = h('div', {class: 'coverage', 'data-testid': 'coverage'});
    this.reasons = h('ul', {class: 'notes'});
    this.history = new History(source, destination, protocol);
    this.slow = new SlowCalls(id);
    // The history finds it, and it belongs to the verdict.
    const {change} = this.history;
    this.body = h('div', {class: 'edge', 'data-testid': 'edge-panel', 'data-source': source, 'data-destination': destination},
      h('header', null,
        h('h2', null, this.workload(source), h('span', {class: 'arrow'}, ' → '), this.workload(destination)), this.close,
        this.subtitle),
      h('section', {class: 'verdict'}, this.verdict, change, this.evidence, this.further),
      this.figures,
      section('Where a call\'s time goes', 'mean of all calls in the window', this.breakdown, this.ways),
      section('Over time', '', this.history.element),
      section('Slowest calls', '', this.slow.element),
      section('Components', 'in the order of the path, there and back together', this.components),
      section('Layer 4', 'of the connections that carried the calls', this.transport),
      section('Coverage', 'how much of the calls was seen', this.coverage, this.reasons));
    replace(area, this.body);
    this.sample = new Poll(() => apiPath('/api/v1/requests', {
      window: callsWindow(), source, destination, protocol, limit: SAMPLE, ends: true,
    }), 10_000, (answer) => this.showSample(answer.requests.filter(this.slow.isOurs)), () => replace(this.ways)).start();
  }

  stop() {
    this.sample.stop();
    this.history.stop();
    this.slow.stop();
  }

  /** The window or the call has changed. */
  follow() {
    this.sample.now();
    this.history.now();
    this.slow.follow();
  }

  /**
   * @param {import('./edges.js').Edge | undefined} edge undefined where it has no calls in the window
   * @param {number} windowSeconds
   * @param {import('./edges.js').Edge[]} edges all
   */
  show(edge, windowSeconds, edges) {
    this.body.classList.toggle('idle', !edge);
    if (!edge) {
      this.subtitle.textContent = `No calls in the last ${route().window}.`;
      this.verdict.textContent = 'Nothing to tell: the edge has no calls in this time window.';
      for (const part of [this.evidence, this.further, this.figures, this.breakdown, this.ways, this.components, this.transport, this.coverage, this.reasons]) {
        replace(part);
      }
      return;
    }
    const {host, name} = edge.destinationService;
    replace(this.subtitle, `${edge.source.namespace} → ${edge.destination.namespace} · service ${host || name || ABSENT} · ${edge.protocol}`);
    this.showVerdict(edge, edges);
    this.showFigures(edge, windowSeconds);
    this.showBreakdown(edge);
    this.showComponents(edge);
    this.showTransport(edge);
    this.showCoverage(edge);
  }

  /**
   * @param {import('./edges.js').Edge} edge
   * @param {import('./edges.js').Edge[]} edges
   */
  showVerdict(edge, edges) {
    const verdict = verdictOf(edge);
    this.verdict.dataset.verdict = verdict?.key ?? '';
    this.verdict.dataset.component = verdict?.component ?? '';
    this.verdict.parentElement?.setAttribute('data-verdict', verdict?.key ?? '');
    this.verdict.textContent = headline(edge, verdict);
    this.evidence.textContent = evidence(edge, verdict).join(' ');
    const next = verdict?.key === UPSTREAM_WAIT || verdict?.key === UNSPLIT
      ? edges.filter(({sourceId}) => sourceId === edge.destinationId).sort((a, b) => b.total.meanSeconds - a.total.meanSeconds)[0]
      : undefined;
    const target = next ? link({edge: next.id, call: ''}) : '';
    if (this.further.dataset.target !== target) {
      this.further.dataset.target = target;
      replace(this.further, next ? ['Look on at ', h('a', {href: target}, `${workloadName(next.sourceId)} → ${workloadName(next.destinationId)}`), ', the slowest of these.'] : []);
    }
  }

  /**
   * @param {import('./edges.js').Edge} edge
   * @param {number} windowSeconds
   */
  showFigures(edge, windowSeconds) {
    attributes(this.figures, edge.total);
    replace(this.figures,
      tile('p50', seconds(edge.total.p50Seconds)), tile('p95', seconds(edge.total.p95Seconds)), tile('p99', seconds(edge.total.p99Seconds)),
      tile('mean', seconds(edge.total.meanSeconds)), tile('calls', rate(edge.requests, windowSeconds)),
      tile('errors', edge.errors > 0 ? percent(edge.errors / edge.requests) : '0', edge.errors > 0 ? 'bad' : ''));
  }

  /** @param {import('./edges.js').Edge} edge */
  showBreakdown(edge) {
    const rollups = ROLLUPS.filter(({key}) => edge.rollups[key]).map(({key, label, what}) => {
      const value = contribution(edge, edge.rollups[key]);
      return {key, rollup: key, label, what, value, text: `${seconds(value)} ${percent(edge.shares[key])}`};
    });
    const components = COMPONENTS.filter(({key}) => edge.components[key]).map(({key, label, rollup}) => {
      const value = contribution(edge, edge.components[key]);
      return {key, rollup, label, value, text: seconds(value), attributes: {'data-component': key}};
    });
    replace(this.breakdown,
      stackedBar(rollups, {height: 26, label: rollups.map(({label, text}) => `${label} ${text}`).join(', ')}),
      legend(rollups),
      h('div', {class: 'path'}, stackedBar(components, {height: 10, label: components.map(({label, text}) => `${label} ${text}`).join(', ')})));
  }

  /**
   * Request and response apart, and why calls were not seen in full.
   *
   * @param {any[]} calls the newest
   */
  showSample(calls) {
    replace(this.ways, ways(calls));
    /** @type {Map<string, number>} */
    const reasons = new Map();
    calls.filter(({coverage}) => coverage !== 'full').forEach(({reason}) => reasons.set(reason, (reasons.get(reason) ?? 0) + 1));
    replace(this.reasons, [...reasons].sort((a, b) => b[1] - a[1]).map(([reason, times]) =>
      h('li', null, `${count(times)} of the newest ${count(calls.length)}: ${REASONS[reason] ?? reason} `, h('code', null, reason))));
  }

  /** @param {import('./edges.js').Edge} edge */
  showComponents(edge) {
    const rows = COMPONENTS.filter(({key}) => edge.components[key]).map(({key, label, rollup, what}) => {
      const figures = edge.components[key];
      const row = h('tr', {'data-testid': 'component', 'data-component': key},
        h('th', {scope: 'row', title: what}, h('span', {class: `swatch back-${rollup}`}), label),
        cells(figures), h('td', null, percent(contribution(edge, figures) / edge.total.meanSeconds)), h('td', {class: 'dim'}, count(figures.count)));
      attributes(row, figures);
      return row;
    });
    const informative = [[UPSTREAM_WAIT, 'waits for its own calls'], ['application_self', 'works itself']]
      .filter(([key]) => edge.informative[key]).map(([key, label]) => h('tr', {class: 'part-of'},
        h('th', {scope: 'row'}, `of application: ${label}`), cells(edge.informative[key]),
        h('td', null, percent(contribution(edge, edge.informative[key]) / edge.total.meanSeconds)), h('td', {class: 'dim'}, count(edge.informative[key].count))));
    replace(this.components, h('table', null,
      h('thead', null, h('tr', null, ['component', 'mean', 'p50', 'p95', 'p99', 'share', 'calls'].map((title) => h('th', {scope: 'col'}, title)))),
      h('tbody', null, rows, informative)));
  }

  /** @param {import('./edges.js').Edge} edge */
  showTransport(edge) {
    const {source, destination} = this.ends;
    const segments = [['sourceHop', `${workloadName(source)} – its sidecar`], ['link', 'sidecar – sidecar'], ['destinationHop', `sidecar – ${workloadName(destination)}`]];
    replace(this.transport, h('table', null,
      h('thead', null, h('tr', null, ['segment', 'round trip p50', 'sent again', 'drops', 'sent', 'received'].map((title) => h('th', {scope: 'col'}, title)))),
      h('tbody', null, segments.map(([key, label]) => {
        const figures = edge.transport[key];
        return h('tr', {'data-testid': 'transport', 'data-segment': key}, h('th', {scope: 'row'}, label), figures
          ? [h('td', null, seconds(figures.rttP50Seconds)), h('td', {class: figures.retransmits > 0 ? 'warn' : ''}, count(figures.retransmits)),
            h('td', {class: figures.drops > 0 ? 'warn' : ''}, count(figures.drops)), h('td', null, bytes(figures.bytesSent)), h('td', null, bytes(figures.bytesReceived))]
          : h('td', {colspan: 5, class: 'absent'}, 'not seen'));
      }))));
  }

  /** @param {import('./edges.js').Edge} edge */
  showCoverage(edge) {
    const {full = 0, alsOnly = 0, oneSided = 0} = edge.coverage;
    Object.assign(this.coverage.dataset, {full, alsOnly, oneSided});
    const all = full + alsOnly + oneSided;
    const parts = [
      {key: 'full', rollup: 'full', label: 'full: kernel and access log at both proxies', value: full},
      {key: 'alsOnly', rollup: 'als-only', label: 'both access logs, kernel records missing', value: alsOnly},
      {key: 'oneSided', rollup: 'one-sided', label: 'one proxy only', value: oneSided},
    ].filter(({value}) => value > 0).map((part) => ({...part, text: `${percent(part.value / all)} (${count(part.value)})`}));
    replace(this.coverage, stackedBar(parts, {height: 8, label: parts.map(({label, text}) => `${label} ${text}`).join(', ')}), legend(parts));
  }

  /** @param {string} id NAMESPACE/WORKLOAD */
  workload(id) {
    return h('a', {href: link({edge: '', call: '', workload: id}), title: id}, workloadName(id));
  }
}

/**
 * @param {string} title
 * @param {string} note
 * @param {...HTMLElement} children
 */
function section(title, note, ...children) {
  return h('section', {'aria-label': title}, h('h3', null, title, note ? h('span', {class: 'note'}, note) : null), children);
}

/**
 * @param {string} label
 * @param {string} value
 * @param {string} [kind]
 */
function tile(label, value, kind = '') {
  return h('div', {class: `tile ${kind}`}, h('b', null, value), h('span', null, label));
}

/** @param {import('./edges.js').Figures} figures */
function cells(figures) {
  return [figures.meanSeconds, figures.p50Seconds, figures.p95Seconds, figures.p99Seconds].map((value) =>
    h('td', {class: value === undefined ? 'absent' : ''}, seconds(value)));
}

/**
 * Figures as the API has them, unrounded.
 *
 * @param {HTMLElement} element
 * @param {import('./edges.js').Figures} figures
 */
function attributes(element, figures) {
  for (const name of /** @type {const} */ (['meanSeconds', 'p50Seconds', 'p95Seconds', 'p99Seconds'])) {
    const value = figures[name];
    if (value === undefined) {
      delete element.dataset[name];
    } else {
      element.dataset[name] = String(value);
    }
  }
}
