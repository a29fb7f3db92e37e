/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {Chart} from './chart.js';
import {h, replace} from './dom.js';
import {bytes, count, seconds} from './format.js';
import {CHARTS, plotted} from './linecharts.js';
import {lineLabel} from './lines.js';

/** @type {('client' | 'server')[]} */
const SIDES = ['client', 'server'];
const PLOT_WIDTH = 296;
const PLOT_HEIGHT = 104;

/** The line of a topology that is open: its two sides, the client that opened the connections and the server that accepted them. */
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
   * @param {import('./lines.js').Line} line
   * @param {Map<string, string>} names of nodes
   */
  describe(line, names) {
    const ends = [names.get(line.from) ?? '', names.get(line.to) ?? ''];
    replace(this.heading, ends.join(' → '));
    replace(this.kind, `${lineLabel(line)}, ${count(line.connections)} connection${line.connections === 1 ? '' : 's'} so far`);
    this.sides.forEach((side, index) => side.describe(ends[index], line.sides?.[side.name]));
  }

  /**
   * @param {import('./linecharts.js').Series} course
   * @param {number} startEpochMillis of the profile
   */
  plot(course, startEpochMillis) {
    plotted(course, startEpochMillis).forEach((chart, index) => this.sides.forEach((side) => side.plots[index].show(chart[side.name], chart.extent)));
  }
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
    this.plots = CHARTS.map((chart) => new Plot(chart, name, onPoint));
    this.root = h(
      'section',
      {class: 'side', 'data-testid': 'side', 'data-side': name},
      this.owner,
      this.unseen,
      this.table,
      this.plots.map(({root}) => root),
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
    this.plots.forEach(({root}) => (root.hidden = !side));
    replace(this.figures, side ? figureRows(side) : []);
  }

  /** @param {number | null} millis what one of the charts points to, on either side */
  point(millis) {
    this.plots.forEach(({chart}) => chart.readTime(millis));
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
   * @param {import('./linecharts.js').Plotted} plotted
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
   * @param {import('./linecharts.js').Extent} extent
   */
  show(series, {from, to, step, top, nothing}) {
    replace(this.nothing, nothing);
    this.chart.element.hidden = nothing !== '';
    if (!nothing && !this.root.hidden) {
      this.chart.show(series, from, to, step, top);
    }
  }
}
