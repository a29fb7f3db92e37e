/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check

const COLUMN_GAP = 66;
const ROW_HEIGHT = 62;
const BAND_GAP = 74;
const SMALLEST_WIDTH = 60;
const SWEEPS = 4;

/**
 * What is to be placed: in which band, and how wide it is.
 *
 * @typedef {{band: string, width: number}} Item
 */

/**
 * A node's place: a band of rows is a namespace, columns are common to all.
 *
 * @typedef {{band: string, column: number, row: number, width: number}} Cell
 */

/**
 * Places nodes in layers from left to right, as calls go, with each namespace in a band of its own; bands lie beside one another
 * where they share no column, else one below the other. What is placed stays where it is: a new node takes a free place, and if its
 * band has none, what lies below moves down by a row. Only when asked for, or while the graph is still young, are all placed anew.
 */
export class Layout {
  constructor() {
    /** @type {Map<string, Cell>} */
    this.cells = new Map();
    /** Rows of each band, from the top. @type {Map<string, number>} */
    this.bands = new Map();
    this.arranged = 0;
    /** Middle of each column. @type {number[]} */
    this.middles = [];
    /** First row of each band. @type {Map<string, number>} */
    this.tops = new Map();
  }

  /**
   * Places what is not yet placed.
   *
   * @param {Map<string, Item>} nodes
   * @param {[string, string][]} edges
   * @returns {boolean} whether a node that had a place has another one now
   */
  update(nodes, edges) {
    const added = [...nodes.keys()].filter((node) => !this.cells.has(node));
    if (added.length === 0) {
      return false;
    }
    if (nodes.size > this.arranged * 1.34) {
      this.arrange(nodes, edges);
      return true;
    }
    const before = this.extents();
    added.forEach((node) => this.place(node, /** @type {Item} */ (nodes.get(node)), edges));
    this.measure();
    return this.extents() !== before;
  }

  /**
   * Places all anew.
   *
   * @param {Map<string, Item>} nodes
   * @param {[string, string][]} edges
   */
  arrange(nodes, edges) {
    const names = [...nodes.keys()].sort();
    const neighbours = neighboursOf(names, edges);
    const layers = layersOf(names, neighbours.after);
    const rowsAtMost = Math.max(6, Math.ceil(Math.sqrt(names.length) * 0.9));
    const bandNames = orderOfBands(names, nodes, layers);
    this.cells.clear();
    this.bands.clear();
    this.tops.clear();
    /** @type {Map<string, string[]>} */
    const groups = new Map();
    for (const name of names) {
      const key = `${nodes.get(name)?.band}\n${layers.get(name)}`;
      groups.set(key, [...(groups.get(key) ?? []), name]);
    }
    sortGroups(groups, neighbours);
    // A layer is as many columns wide as its fullest band needs.
    const layerCount = Math.max(0, ...layers.values()) + 1;
    let column = 0;
    for (let layer = 0; layer < layerCount; layer++) {
      let width = 1;
      for (const band of bandNames) {
        const group = groups.get(`${band}\n${layer}`) ?? [];
        const rows = Math.ceil(group.length / Math.ceil(group.length / rowsAtMost || 1));
        group.forEach((name, index) => {
          const cell = {band, column: column + Math.floor(index / rows), row: index % rows, width: nodes.get(name)?.width ?? 0};
          width = Math.max(width, cell.column - column + 1);
          this.cells.set(name, cell);
        });
        this.bands.set(band, Math.max(this.bands.get(band) ?? 1, Math.min(group.length, rows)));
      }
      column += width;
    }
    this.centre();
    this.measure();
    this.arranged = nodes.size;
  }

  /** Columns that are not full begin lower, so that edges run level. */
  centre() {
    /** @type {Map<string, Cell[]>} */
    const columns = new Map();
    for (const cell of this.cells.values()) {
      const key = `${cell.band}\n${cell.column}`;
      columns.set(key, [...(columns.get(key) ?? []), cell]);
    }
    for (const cells of columns.values()) {
      const spare = (this.bands.get(cells[0].band) ?? 1) - cells.length;
      cells.forEach((cell) => (cell.row += spare / 2));
    }
  }

  /**
   * @param {string} node
   * @param {Item} item
   * @param {[string, string][]} edges
   */
  place(node, {band, width}, edges) {
    /** @param {(string | undefined)[]} others */
    const columns = (others) => others.map((other) => this.cells.get(other ?? '')?.column).filter((column) => column !== undefined);
    const before = columns(edges.filter(([, to]) => to === node).map(([from]) => from));
    const after = columns(edges.filter(([from]) => from === node).map(([, to]) => to));
    const column = before.length > 0 ? Math.max(...before) + 1 : Math.max(0, Math.min(...after, 1) - 1);
    const taken = [...this.cells.values()].filter((cell) => cell.band === band && cell.column === column).map((cell) => cell.row);
    let row = 0;
    while (taken.some((other) => Math.abs(other - row) < 1)) {
      row += 0.5;
    }
    this.cells.set(node, {band, column, row, width});
    this.bands.set(band, Math.max(this.bands.get(band) ?? 0, Math.ceil(row + 1)));
  }

  /** Where columns and bands lie. */
  measure() {
    /** @type {number[]} */
    const widths = [];
    /** First and last column of each band. @type {Map<string, [number, number]>} */
    const spans = new Map();
    for (const {band, column, width} of this.cells.values()) {
      widths[column] = Math.max(widths[column] ?? SMALLEST_WIDTH, width);
      const [first, last] = spans.get(band) ?? [column, column];
      spans.set(band, [Math.min(first, column), Math.max(last, column)]);
    }
    let left = 0;
    this.middles = Array.from(widths, (width) => {
      const middle = left + (width ?? SMALLEST_WIDTH) / 2;
      left += (width ?? SMALLEST_WIDTH) + COLUMN_GAP;
      return middle;
    });
    const skyline = widths.map(() => 0);
    for (const [band, rows] of this.bands) {
      const [first, last] = spans.get(band) ?? [0, 0];
      const top = Math.max(0, ...skyline.slice(first, last + 1).map((bottom) => bottom ?? 0));
      this.tops.set(band, top);
      skyline.fill(top + rows * ROW_HEIGHT + BAND_GAP, first, last + 1);
    }
  }

  extents() {
    return JSON.stringify([this.middles, [...this.tops]]);
  }

  /**
   * @param {string} node
   * @returns {{x: number, y: number}}
   */
  position(node) {
    const cell = this.cells.get(node);
    if (!cell) {
      return {x: 0, y: 0};
    }
    return {x: this.middles[cell.column], y: (this.tops.get(cell.band) ?? 0) + cell.row * ROW_HEIGHT};
  }
}

/**
 * @param {string[]} names
 * @param {[string, string][]} edges
 */
function neighboursOf(names, edges) {
  /** @type {Map<string, string[]>} */
  const after = new Map(names.map((name) => [name, []]));
  /** @type {Map<string, string[]>} */
  const before = new Map(names.map((name) => [name, []]));
  for (const [from, to] of edges) {
    if (from !== to) {
      after.get(from)?.push(to);
      before.get(to)?.push(from);
    }
  }
  return {after, before};
}

/**
 * The longest way to each node from one that nobody calls. Calls back into the way that leads to them are not followed.
 *
 * @param {string[]} names
 * @param {Map<string, string[]>} after
 * @returns {Map<string, number>}
 */
function layersOf(names, after) {
  /** @type {Map<string, 'open' | 'done'>} */
  const states = new Map();
  /** @type {string[]} */
  const order = [];
  /** @type {Set<string>} */
  const backwards = new Set();
  const called = new Set([...after.values()].flat());
  for (const root of [...names.filter((name) => !called.has(name)), ...names]) {
    if (states.has(root)) {
      continue;
    }
    const way = [{name: root, next: 0}];
    states.set(root, 'open');
    while (way.length > 0) {
      const top = way[way.length - 1];
      const to = (after.get(top.name) ?? [])[top.next++];
      if (to === undefined) {
        states.set(top.name, 'done');
        order.push(top.name);
        way.pop();
      } else if (states.get(to) === 'open') {
        backwards.add(`${top.name}\n${to}`);
      } else if (!states.has(to)) {
        states.set(to, 'open');
        way.push({name: to, next: 0});
      }
    }
  }
  /** @type {Map<string, number>} */
  const layers = new Map(names.map((name) => [name, 0]));
  for (const name of order.reverse()) {
    for (const to of after.get(name) ?? []) {
      if (!backwards.has(`${name}\n${to}`)) {
        layers.set(to, Math.max(layers.get(to) ?? 0, (layers.get(name) ?? 0) + 1));
      }
    }
  }
  return layers;
}

/**
 * Bands that are called come below those that call.
 *
 * @param {string[]} names
 * @param {Map<string, Item>} nodes
 * @param {Map<string, number>} layers
 */
function orderOfBands(names, nodes, layers) {
  /** @type {Map<string, number[]>} */
  const byBand = new Map();
  for (const name of names) {
    const band = nodes.get(name)?.band ?? '';
    byBand.set(band, [...(byBand.get(band) ?? []), layers.get(name) ?? 0]);
  }
  /** @param {number[]} of */
  const mean = (of) => of.reduce((sum, each) => sum + each, 0) / of.length;
  return [...byBand.entries()].sort((a, b) => mean(a[1]) - mean(b[1]) || (a[0] < b[0] ? -1 : 1)).map(([band]) => band);
}

/**
 * Puts each group's nodes near to what they call and are called by.
 *
 * @param {Map<string, string[]>} groups sorted in place
 * @param {{after: Map<string, string[]>, before: Map<string, string[]>}} neighbours
 */
function sortGroups(groups, neighbours) {
  /** @type {Map<string, number>} */
  const places = new Map();
  const note = () => groups.forEach((group) => group.forEach((name, index) => places.set(name, (index + 0.5) / group.length)));
  note();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const near = sweep % 2 === 0 ? neighbours.before : neighbours.after;
    for (const group of groups.values()) {
      const wanted = new Map(group.map((name) => {
        const others = near.get(name) ?? [];
        const sum = others.reduce((before, other) => before + (places.get(other) ?? 0.5), 0);
        return [name, others.length > 0 ? sum / others.length : places.get(name) ?? 0.5];
      }));
      group.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || (a < b ? -1 : 1));
    }
    note();
  }
}
