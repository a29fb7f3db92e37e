/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {Chart} from './chart.js';
import {h, replace} from './dom.js';
import {ABSENT, bytes, count, seconds} from './format.js';
import {lineLabel} from './topology.js';

/**
 * One line of a pod's topology: what its two sides, the client that opened the connections and the server that accepted them,
 * wrote, read and waited for, by interval. Both sides of a figure share one scale, so that they can be compared.
 *
 * @typedef {object} Series as `/api/v1/profiles/ID/lines/LINE` has it
 * @property {number} intervalMillis
 * @property {any[]} [client]
 * @property {any[]} [server]
 *
 * @typedef {object} Plotted what a chart shows
 * @property {string} id
 * @property {string} title
 * @property {string} absent what it means that no interval has a value
 * @property {(value: number | undefined) => string} format
 * @property {{label: string, of: (side: any, intervalSeconds: number) => number | undefined}[]} series the value of one side
 *     in one interval; undefined, where it was not measured, leaves a gap
 */

/** @type {('client' | 'server')[]} */
const SIDES = ['client', 'server'];
const PLOT_WIDTH = 296;
const PLOT_HEIGHT = 104;
/** What the time axis spans at least. */
const SPAN_MIN_MILLIS = 20_000;

/** @type {Plotted[]} */
const CHARTS = [
  amounts('calls', 'Calls a second', rateOf, ['write', (side) => side.writes?.calls], ['read', (side) => side.reads?.calls]),
  amounts('bytes', 'Bytes a second', bytes, ['write', (side) => side.writes?.bytes], ['read', (side) => side.reads?.bytes]),
  durations('write', 'Write, entry to exit', (side) => side.writes),
  durations('read', 'Read, entry to exit, waiting included', (side) => side.reads),
  durations('rtt', 'Round trip as the kernel smooths it', (side) => side.rtt),
  durations('open', 'Connect (client), accept (server)', opening, 'none so far'),
  durations('close', "Close, own FIN to the socket's end", (side) => side.close, 'none so far'),
  amounts('connections', 'Connections a second', rateOf, ['opened', (side) => opening(side)?.count], ['closed', (side) => side.close?.count]),
  amounts('loss', 'Lost a second', rateOf, ['retransmits', (side) => side.retransmits], ['drops', (side) => packets(side.drops)]),
];

/**
 * @param {string} id
 * @param {string} title
 * @param {(value: number | undefined) => string} format
 * @param {...[string, (side: any) => number | undefined]} series
 * @returns {Plotted}
 */
function amounts(id, title, format, ...series) {
  return {
    id,
    title,
    format,
    absent: 'none so far',
    series: series.map(([label, amount]) => ({
      label,
      of: (side, intervalSeconds) => {
        const value = amount(side);
        return value === undefined ? undefined : value / intervalSeconds;
      },
    })),
  };
}

/**
 * @param {string} id
 * @param {string} title
 * @param {(side: any) => any} figures
 * @returns {Plotted}
 */
function durations(id, title, figures, absent = 'not measured so far') {
  return {
    id,
    title,
    format: seconds,
    absent,
    series: [
      {label: 'p50', of: (side) => figures(side)?.p50Seconds},
      {label: 'p95', of: (side) => figures(side)?.p95Seconds},
    ],
  };
}

/**
 * Who opens a connection connects, who takes it accepts.
 *
 * @param {any} side
 */
function opening(side) {
  return side.connect ?? side.accept;
}

/** @param {number | undefined} value a second */
function rateOf(value) {
  return value === undefined ? ABSENT : count(value >= 10 ? Math.round(value) : Math.round(value * 100) / 100);
}

/** @param {Record<string, number> | undefined} drops by reason */
function packets(drops) {
  return drops && Object.values(drops).reduce((sum, some) => sum + some, 0);
}

/** The line that is open. */
export class LinePanel {
  /**
   * @param {string} lineId
   * @param {() => void} onClose
   */
  constructor(lineId, onClose) {
    this.heading = h('h2', null);
    this.kind = h('p', {class: 'dim'});
    this.sides = SIDES.map((name) => new SidePanel(name, (millis) => this.sides.forEach((side) => side.point(millis))));
    this.root = h(
      'section',
      {class: 'line-panel', 'data-testid': 'line-panel', 'data-line': lineId},
      h('header', null, h('div', null, this.heading, this.kind), h('button', {type: 'button', 'data-testid': 'close', 'aria-label': 'Close the line', title: 'Close (Esc)', onclick: onClose}, '✕')),
      h('div', {class: 'sides'}, this.sides.map((side) => side.root)),
    );
  }

  /**
   * @param {import('./topology.js').Line} line
   * @param {Map<string, string>} names of nodes
   */
  describe(line, names) {
    const ends = [names.get(line.from) ?? '', names.get(line.to) ?? ''];
    replace(this.heading, ends.join(' → '));
    replace(this.kind, `${lineLabel(line)}, ${count(line.connections)} connection${line.connections === 1 ? '' : 's'} so far`);
    this.sides.forEach((side, index) => side.describe(ends[index], line.sides?.[side.name]));
  }

  /**
   * @param {Series} series
   * @param {number} startEpochMillis of the profile
   */
  plot(series, startEpochMillis) {
    const sides = this.sides.map((side) => series[side.name] ?? []);
    const last = Math.max(0, ...sides.flatMap((entries) => entries.slice(-1)).map((entry) => entry.epochMillis));
    const span = {from: startEpochMillis, to: Math.max(startEpochMillis + SPAN_MIN_MILLIS, last), step: series.intervalMillis};
    for (const chart of CHARTS) {
      const plotted = sides.map((entries) => seriesOf(chart, entries, series.intervalMillis / 1000));
      const measured = plotted.flat().flatMap(({points}) => points.map(([, value]) => value ?? -1)).filter((value) => value >= 0);
      const top = Math.max(0, ...measured);
      const nothing = top > 0 ? '' : measured.length > 0 ? 'none so far' : chart.absent;
      this.sides.forEach((side, index) => side.plot(chart, plotted[index], {...span, top, nothing}));
    }
  }

}

/**
 * @typedef {object} Extent of a chart, the same on both sides
 * @property {number} from epoch milliseconds
 * @property {number} to
 * @property {number} step
 * @property {number} top the largest value
 * @property {string} nothing why there is nothing to show, or empty
 */

/**
 * @param {Plotted} chart
 * @param {any[]} entries
 * @param {number} intervalSeconds
 * @returns {import('./chart.js').Series[]}
 */
function seriesOf(chart, entries, intervalSeconds) {
  return chart.series.map(({label, of}, index) => ({
    label,
    color: `--series-${index + 1}`,
    points: entries.map((entry) => /** @type {[number, number | undefined]} */ ([entry.epochMillis, of(entry, intervalSeconds)])),
  }));
}

/** One side: its figures over the profile as a table, its charts below. */
class SidePanel {
  /**
   * @param {'client' | 'server'} name
   * @param {(millis: number | null) => void} onPoint
   */
  constructor(name, onPoint) {
    this.name = name;
    this.owner = h('h3', null);
    this.figures = h('tbody', null);
    this.unseen = h('p', {class: 'dim', hidden: true}, 'Not in this pod: this side is seen by a profile of its own pod.');
    this.table = h(
      'table',
      null,
      h('thead', null, h('tr', null, ['', 'count', 'bytes', 'p50', 'p95'].map((text) => h('th', {scope: 'col'}, text)))),
      this.figures,
    );
    this.charts = new Map(CHARTS.map((chart) => [chart.id, new Plot(chart, name, onPoint)]));
    this.root = h(
      'section',
      {class: 'side', 'data-testid': 'side', 'data-side': name},
      this.owner,
      this.unseen,
      this.table,
      [...this.charts.values()].map((plot) => plot.root),
    );
  }

  /**
   * @param {string} owner
   * @param {any} side absent where this side was not seen
   */
  describe(owner, side) {
    replace(this.owner, `${this.name === 'client' ? 'Client' : 'Server'}: ${owner}`);
    this.root.classList.toggle('absent', !side);
    this.unseen.hidden = Boolean(side);
    this.table.hidden = !side;
    this.charts.forEach((plot) => (plot.root.hidden = !side));
    replace(this.figures, side ? figureRows(side) : []);
  }

  /**
   * @param {Plotted} chart
   * @param {import('./chart.js').Series[]} series
   * @param {Extent} extent
   */
  plot(chart, series, extent) {
    this.charts.get(chart.id)?.show(series, extent);
  }

  /** @param {number | null} millis what one of the charts points to, on either side */
  point(millis) {
    this.charts.forEach(({chart}) => chart.readTime(millis));
  }
}

/** @param {any} side */
function figureRows(side) {
  const {writes, reads, rtt, connect, accept, close, retransmits, drops} = side;
  return [
    writes && figureRow('writes', 'write', writes.calls, writes),
    reads && figureRow('reads', 'read', reads.calls, reads),
    rtt && figureRow('rtt', 'round trip', rtt.count, rtt),
    connect && figureRow('connect', 'connect', connect.count, connect),
    accept && figureRow('accept', 'accept', accept.count, accept),
    close && figureRow('close', closeInWords(close), close.count, close),
    retransmits !== undefined && figureRow('retransmits', 'retransmits', retransmits, {}),
    ...Object.entries(drops ?? {}).map(([reason, dropped]) => figureRow('drops', `drop ${reason}`, dropped, {})),
  ];
}

/**
 * @param {string} figure
 * @param {string} label
 * @param {number | undefined} amount
 * @param {{bytes?: number, p50Seconds?: number, p95Seconds?: number}} figures
 */
function figureRow(figure, label, amount, {bytes: size, p50Seconds, p95Seconds}) {
  return h(
    'tr',
    {'data-figure': figure, 'data-count': amount, 'data-bytes': size, 'data-p50-seconds': p50Seconds, 'data-p95-seconds': p95Seconds},
    h('th', {scope: 'row'}, label),
    h('td', null, amount === undefined ? '' : count(amount)),
    h('td', null, size === undefined ? '' : bytes(size)),
    h('td', null, p50Seconds === undefined ? '' : seconds(p50Seconds)),
    h('td', null, p95Seconds === undefined ? '' : seconds(p95Seconds)),
  );
}

/** @param {{byCloser?: Record<string, number>}} close */
function closeInWords({byCloser}) {
  const closers = Object.entries(byCloser ?? {}).map(([closer, times]) => `${times} ${closer}`);
  return closers.length > 0 ? `close (${closers.join(', ')})` : 'close';
}

/** One chart of one side. */
class Plot {
  /**
   * @param {Plotted} plotted
   * @param {string} side
   * @param {(millis: number | null) => void} onPoint
   */
  constructor({id, title, format}, side, onPoint) {
    this.chart = new Chart({label: `${title}, ${side}`, format, width: PLOT_WIDTH, height: PLOT_HEIGHT, onPoint});
    this.nothing = h('span', {class: 'nothing'});
    this.root = h('div', {class: 'plot', 'data-chart': id}, h('h4', null, title, ' ', this.nothing), this.chart.element);
  }

  /**
   * @param {import('./chart.js').Series[]} series
   * @param {Extent} extent
   */
  show(series, {from, to, step, top, nothing}) {
    replace(this.nothing, nothing);
    this.chart.element.hidden = nothing !== '';
    if (!nothing && !this.root.hidden) {
      this.chart.show(series, from, to, step, top);
    }
  }
}
