/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {stackedBar} from './bar.js';
import {ROLLUPS} from './components.js';
import {h, replace} from './dom.js';
import {contribution, SORTS, workloadName} from './edges.js';
import {percent, rate, seconds} from './format.js';
import {go, link, route} from './route.js';
import {verdictOf} from './verdict.js';

/** Values that differ by less do not change places. */
const STEPS_PER_E = 6;

/**
 * The edges beside the graph, worst first. Rows stay the same elements, so that focus and pointer keep what they are on.
 */
export class EdgeList {
  /**
   * @param {HTMLElement} area
   * @param {(id: string | null) => void} onPoint told which edge the pointer or the focus is on
   */
  constructor(area, onPoint) {
    this.area = area;
    this.onPoint = onPoint;
    /** @type {Map<string, {row: HTMLElement, drawn: string}>} */
    this.rows = new Map();
    /** @type {string[]} */
    this.order = [];
    this.note = h('p', {class: 'list-note', role: 'status'});
    this.list = h('ol', {class: 'edges'});
    this.sort = /** @type {HTMLSelectElement} */ (h('select', {id: 'sort', 'data-testid': 'sort', onchange: () => go({sort: this.sort.value})},
      Object.entries(SORTS).map(([key, {label, what}]) => h('option', {value: key, title: what}, label))));
    replace(area,
      h('div', {class: 'list-head'}, h('h2', null, 'Edges'), h('label', {class: 'by', for: 'sort'}, 'worst by'), this.sort),
      this.note, this.list);
  }

  /**
   * @param {import('./edges.js').Edge[]} edges that are to be shown
   * @param {number} windowSeconds
   * @param {number} hidden how many others there are
   */
  show(edges, windowSeconds, hidden) {
    const {edge: open, sort: chosen} = route();
    const sort = SORTS[chosen] ? chosen : 'own';
    this.sort.value = sort;
    const sorted = this.sorted(edges, sort);
    const focused = document.activeElement;
    const largest = Math.max(...edges.map((edge) => edge.total.meanSeconds), 0);
    const kept = new Set(sorted.map((edge) => edge.id));
    for (const [id, {row}] of this.rows) {
      if (!kept.has(id)) {
        row.remove();
        this.rows.delete(id);
      }
    }
    sorted.forEach((edge, index) => {
      const row = this.row(edge, sort, windowSeconds, largest);
      const anchor = /** @type {HTMLElement} */ (row.firstElementChild);
      anchor.setAttribute('href', link({edge: edge.id, call: '', workload: ''}));
      if (edge.id === open) {
        anchor.setAttribute('aria-current', 'true');
      } else {
        anchor.removeAttribute('aria-current');
      }
      if (this.list.children[index] !== row) {
        this.list.insertBefore(row, this.list.children[index] ?? null);
      }
    });
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.list.contains(focused)) {
      focused.focus({preventScroll: true});
    }
    this.order = sorted.map((edge) => edge.id);
    const note = hidden > 0 ? `${sorted.length} of ${sorted.length + hidden} edges: the others are filtered out` : '';
    if (this.note.textContent !== note) {
      this.note.textContent = note;
    }
    this.note.hidden = !note;
  }

  /** @param {string} id of the edge whose row is to have the focus */
  focus(id) {
    const row = this.rows.get(id)?.row.firstElementChild;
    (row instanceof HTMLElement ? row : this.area).focus({preventScroll: true});
  }

  /** @param {1 | -1} step opens nothing: moves the focus */
  move(step) {
    const links = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll('a')]);
    const at = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const from = at < 0 ? links.findIndex((each) => each.getAttribute('aria-current')) : at;
    links[from < 0 ? 0 : Math.min(links.length - 1, Math.max(0, from + step))]?.focus();
  }

  /**
   * @param {import('./edges.js').Edge[]} edges
   * @param {string} sort
   */
  sorted(edges, sort) {
    const before = new Map(this.order.map((id, index) => [id, index]));
    const {of} = SORTS[sort];
    return edges
      .map((edge) => ({edge, step: Math.round(Math.log(Math.max(of(edge), 1e-9)) * STEPS_PER_E), at: before.get(edge.id) ?? Infinity}))
      .sort((a, b) => b.step - a.step || (a.at === b.at ? of(b.edge) - of(a.edge) : a.at - b.at))
      .map(({edge}) => edge);
  }

  /**
   * @param {import('./edges.js').Edge} edge
   * @param {string} sort
   * @param {number} windowSeconds
   * @param {number} largest
   */
  row(edge, sort, windowSeconds, largest) {
    let entry = this.rows.get(edge.id);
    if (!entry) {
      const point = () => this.onPoint(edge.id);
      const leave = () => this.onPoint(null);
      const row = h('li', null, h('a', {
        onpointerenter: point, onpointerleave: leave, onfocus: point, onblur: leave, class: 'edge-row', 'data-testid': 'edge-row', 'data-source': edge.sourceId, 'data-destination': edge.destinationId,
      }));
      entry = {row, drawn: ''};
      this.rows.set(edge.id, entry);
    }
    const verdict = verdictOf(edge);
    const figure = figureOf(edge, sort, windowSeconds);
    const errors = edge.errors > 0 ? `${percent(edge.errors / edge.requests)} errors` : '';
    const parts = ROLLUPS.map(({key, label}) => ({key, label, rollup: key, text: '', value: contribution(edge, edge.rollups[key])}));
    const drawn = JSON.stringify([figure, errors, verdict?.key, verdict && percent(verdict.share), edge.requests, largest.toPrecision(2), parts.map(({value}) => value.toPrecision(2))]);
    const anchor = /** @type {HTMLElement} */ (entry.row.firstElementChild);
    if (entry.drawn !== drawn) {
      entry.drawn = drawn;
      anchor.dataset.verdict = verdict?.key ?? '';
      const who = verdict ? `${verdict.label} ${percent(verdict.share)}` : 'not measured';
      replace(anchor,
        h('span', {class: 'names'},
          h('span', {class: 'name'}, workloadName(edge.sourceId)), h('span', {class: 'arrow'}, '→'), h('span', {class: 'name'}, workloadName(edge.destinationId)),
          edge.protocol === 'http' ? null : h('span', {class: 'tag'}, edge.protocol)),
        h('span', {class: 'figure'}, figure),
        h('span', {class: 'mini'}, stackedBar(parts, {total: largest, height: 6, small: true})),
        h('span', {class: `chip chip-${verdict?.key ?? 'unknown'}`}, who),
        errors ? h('span', {class: 'errors'}, errors) : null,
        h('span', {class: 'calls'}, rate(edge.requests, windowSeconds)));
      anchor.title = `${edge.sourceId} → ${edge.destinationId}, ${edge.destinationService.host || edge.destinationService.name}, ${edge.protocol}`;
    }
    return entry.row;
  }
}

/**
 * @param {import('./edges.js').Edge} edge
 * @param {string} sort
 * @param {number} windowSeconds
 */
function figureOf(edge, sort, windowSeconds) {
  const value = SORTS[sort].of(edge);
  switch (sort) {
    case 'share':
      return percent(edge.shares.sidecar);
    case 'errors':
      return percent(value);
    case 'requests':
      return rate(edge.requests, windowSeconds);
    case 'sidecar':
      return seconds(edge.rollups.sidecar ? value : undefined);
    default:
      return seconds(value);
  }
}
