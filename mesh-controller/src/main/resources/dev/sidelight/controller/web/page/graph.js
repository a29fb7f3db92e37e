/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import cytoscape from './cytoscape.esm.min.mjs';
import {h, replace, s} from './dom.js';
import {workloadName} from './edges.js';
import {percent} from './format.js';
import {Layout} from './layout.js';
import {go, route} from './route.js';
import {scaleColor, scaleOf} from './scale.js';
import {color, onTheme} from './theme.js';

/** From so many edges on they are drawn straight, and their figures only where one points. */
const MANY_EDGES = 80;

/** The workload of an end that nobody names. */
export const UNKNOWN = 'unknown';

/** An edge without calls stays drawn so long. */
const IDLE_MILLIS = 300_000;

/** The graph of the mesh. Drawn in place: what is there is changed, nothing is placed anew by a poll. */
export class Graph {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.container = h('div', {class: 'canvas', 'data-testid': 'graph', role: 'img', 'aria-label': 'Graph of the mesh; the list of edges tells the same'});
    this.legend = h('div', {class: 'graph-legend'});
    this.color = /** @type {HTMLButtonElement} */ (h('button', {type: 'button', 'aria-keyshortcuts': 'c', onclick: () => this.switchColor()}));
    replace(stage,
      this.container,
      h('div', {class: 'graph-tools', role: 'toolbar', 'aria-label': 'Graph'},
        this.color,
        h('button', {type: 'button', title: 'Fit (f)', 'aria-keyshortcuts': 'f', onclick: () => this.fit()}, 'Fit'),
        h('button', {type: 'button', title: 'Place all anew (l)', 'aria-keyshortcuts': 'l', onclick: () => this.arrange()}, 'Arrange')),
      this.legend);
    this.ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement('canvas').getContext('2d'));
    this.layout = new Layout();
    /** When each edge had calls last, by id. @type {Map<string, number>} */
    this.seen = new Map();
    /** @type {import('./edges.js').Edge[]} */
    this.edges = [];
    this.touched = false;
    this.cy = cytoscape({
      container: this.container,
      style: this.style(),
      minZoom: 0.05,
      maxZoom: 2.5,
      boxSelectionEnabled: false,
      autounselectify: true,
    });
    this.cy.on('tap', 'edge', (/** @type {any} */ event) => go({edge: event.target.id(), call: '', workload: ''}));
    this.cy.on('tap', 'node[^group]', (/** @type {any} */ event) => go({workload: event.target.id(), edge: '', call: ''}));
    this.cy.on('mouseover', 'edge, node[^group]', (/** @type {any} */ event) => this.point(event.target));
    this.cy.on('mouseout', 'edge, node[^group]', () => this.point(null));
    this.cy.on('dragpan scrollzoom pinchzoom', () => (this.touched = true));
    this.stopTheme = onTheme(() => this.restyle());
    this.resized = new ResizeObserver(() => this.resize());
    this.resized.observe(this.container);
  }

  close() {
    this.stopTheme();
    this.resized.disconnect();
    this.cy.destroy();
  }

  /**
   * @param {import('./edges.js').Edge[]} edges that are to be drawn
   */
  show(edges) {
    this.edges = edges;
    const now = Date.now();
    const byId = new Map(edges.map((edge) => [edge.id, edge]));
    byId.forEach((_, id) => this.seen.set(id, now));
    const {namespace} = route();
    const changed = this.cy.startBatch() && this.change(byId, now, namespace);
    this.draw();
    this.mark();
    this.cy.endBatch();
    if (changed && !this.touched) {
      this.fit();
    }
  }

  /**
   * Adds and removes.
   *
   * @param {Map<string, import('./edges.js').Edge>} byId
   * @param {number} now
   * @param {string} namespace
   * @returns {boolean} whether something was added
   */
  change(byId, now, namespace) {
    this.cy.edges().forEach((/** @type {any} */ drawn) => {
      const filteredOut = namespace && drawn.source().data('namespace') !== namespace && drawn.target().data('namespace') !== namespace;
      if (!byId.has(drawn.id()) && (filteredOut || now - (this.seen.get(drawn.id()) ?? 0) > IDLE_MILLIS)) {
        drawn.remove();
      }
    });
    this.cy.nodes('[^group]').filter((/** @type {any} */ node) => node.degree() === 0).remove();
    this.cy.nodes('[group]').filter((/** @type {any} */ node) => node.isChildless()).remove();
    /** @type {any[]} */
    const added = [];
    /** @param {import('./edges.js').Workload} workload @param {string} id */
    const node = (workload, id) => {
      if (this.cy.getElementById(id).empty() && !added.some((each) => each.data.id === id)) {
        const unknown = workload.workload === UNKNOWN;
        const parent = unknown ? undefined : `namespace:${workload.namespace}`;
        if (parent && this.cy.getElementById(parent).empty() && !added.some((each) => each.data.id === parent)) {
          added.push({group: 'nodes', data: {id: parent, group: true, label: workload.namespace || 'no namespace'}, selectable: false, grabbable: false});
        }
        added.push({group: 'nodes', classes: unknown ? 'unknown' : '', data: {id, parent, namespace: workload.namespace, label: workloadName(id), width: this.widthOf(workloadName(id))}});
      }
    };
    for (const edge of byId.values()) {
      if (this.cy.getElementById(edge.id).empty()) {
        node(edge.source, edge.sourceId);
        node(edge.destination, edge.destinationId);
        added.push({group: 'edges', data: {id: edge.id, source: edge.sourceId, target: edge.destinationId, width: 1, color: 'gray', opacity: 1, label: ''}});
      }
    }
    if (added.length === 0) {
      return false;
    }
    this.place(added);
    return true;
  }

  /**
   * @param {string} label
   * @returns {number} pixels of its node
   */
  widthOf(label) {
    this.ruler.font = '12px system-ui, sans-serif';
    return Math.ceil(this.ruler.measureText(label).width) + 18;
  }

  /** @param {any[]} added elements that are not drawn yet */
  place(added) {
    const {nodes, edges} = this.structure(added);
    const moved = this.layout.update(nodes, edges);
    for (const element of added) {
      if (element.group === 'nodes' && !element.data.group) {
        element.position = this.layout.position(element.data.id);
      }
    }
    this.cy.add(added);
    if (moved) {
      this.move();
    }
  }

  /** @param {any[]} added elements that are not drawn yet */
  structure(added) {
    /** @type {Map<string, import('./layout.js').Item>} */
    const nodes = new Map(this.cy.nodes('[^group]').map((/** @type {any} */ node) => [node.id(), {band: node.data('namespace'), width: node.data('width')}]));
    /** @type {[string, string][]} */
    const edges = this.cy.edges().map((/** @type {any} */ edge) => [edge.data('source'), edge.data('target')]);
    for (const {group, data} of added) {
      if (group === 'edges') {
        edges.push([data.source, data.target]);
      } else if (!data.group) {
        nodes.set(data.id, {band: data.namespace, width: data.width});
      }
    }
    // What nobody names has no box: it stands beside who has to do with it.
    for (const [from, to] of edges) {
      for (const [node, other] of [[from, to], [to, from]]) {
        if (workloadName(node) === UNKNOWN) {
          nodes.set(node, {band: nodes.get(other)?.band ?? '', width: nodes.get(node)?.width ?? 0});
        }
      }
    }
    return {nodes, edges};
  }

  move() {
    this.cy.nodes('[^group]').forEach((/** @type {any} */ node) => {
      node.position(this.layout.position(node.id()));
    });
  }

  /** Places all anew, and fits. */
  arrange() {
    const {nodes, edges} = this.structure([]);
    this.layout.arrange(nodes, edges);
    this.cy.batch(() => this.move());
    this.fit();
  }

  /** All into its place. */
  fit() {
    this.touched = false;
    this.cy.fit(undefined, 36);
    if (this.cy.zoom() > 1.25) {
      this.cy.zoom(1.25);
      this.cy.center();
    }
  }

  resize() {
    this.cy.resize();
    if (!this.touched && this.cy.elements().nonempty()) {
      this.fit();
    }
  }

  switchColor() {
    go({color: route().color === 'p95' ? 'share' : 'p95'}, {replace: true});
  }

  /** Figures into colours and widths; what has not changed is not drawn anew. */
  draw() {
    const {color: by} = route();
    const scale = scaleOf(by, this.edges);
    const many = this.edges.length > MANY_EDGES;
    // Among many what is not remarkable steps back.
    const opacity = (/** @type {number} */ value) => (many ? Number((0.12 + 0.88 * value ** 2).toFixed(2)) : 1);
    // While many are moved a picture of them is.
    this.cy.renderer().textureOnViewport = many;
    this.cy.edges('.idle').removeClass('idle');
    const live = new Set();
    for (const edge of this.edges) {
      const drawn = this.cy.getElementById(edge.id);
      const value = scale.of(edge);
      const errors = edge.errors > 0 ? ` · ${percent(edge.errors / edge.requests)} errors` : '';
      drawn.data({
        color: scaleColor(value),
        width: value === undefined ? 1.5 : Number((1.5 + 6.5 * value).toFixed(1)),
        opacity: opacity(value ?? 0),
        label: scale.text(edge) + errors,
      });
      drawn.toggleClass('unmeasured', value === undefined);
      drawn.toggleClass('failing', edge.errors / edge.requests >= 0.01);
      drawn.toggleClass('many', many);
      live.add(edge.id);
    }
    this.cy.edges().forEach((/** @type {any} */ drawn) => {
      if (!live.has(drawn.id())) {
        drawn.addClass('idle');
      }
    });
    this.showLegend(scale, by);
  }

  /** What is open and what the search finds. */
  mark() {
    const {edge, workload, search} = route();
    const open = this.cy.getElementById(edge || workload);
    const found = search.trim().toLowerCase();
    const words = found.split(/\s+/);
    const shown = new Map(this.edges.map((each) => [each.id, each]));
    this.cy.elements('.open, .dim').removeClass('open dim');
    if (found) {
      const hits = this.cy.edges().filter((/** @type {any} */ drawn) => words.every((word) => (shown.get(drawn.id())?.text ?? '').includes(word)));
      this.cy.elements().not(hits).not(hits.connectedNodes()).not('[group]').addClass('dim');
    }
    const ends = open.isEdge?.() ? open.connectedNodes() : open;
    if (open.nonempty() && this.edges.length > MANY_EDGES) {
      this.cy.elements().not(ends.closedNeighborhood()).not('[group]').addClass('dim');
    }
    open.union(ends).addClass('open').removeClass('dim');
  }

  /** What was opened is to be seen and to be read. */
  reveal() {
    const {edge, workload} = route();
    const open = this.cy.getElementById(edge || workload);
    if (open.empty() || this.edges.length <= MANY_EDGES) {
      return;
    }
    this.cy.resize();
    this.touched = true;
    const around = open.isEdge() ? open.union(open.connectedNodes()) : open.closedNeighborhood();
    this.cy.fit(around, 60);
    if (this.cy.zoom() > 1) {
      this.cy.zoom(1);
      this.cy.center(around);
    }
  }

  /** @param {string | null} id of the edge that the list points at */
  pointAt(id) {
    const target = id === null ? null : this.cy.getElementById(id);
    this.point(target?.nonempty() ? target : null);
  }

  /** @param {any} target what the pointer is on */
  point(target) {
    this.cy.batch(() => {
      this.cy.elements('.pointed').removeClass('pointed');
      if (target) {
        (target.isNode() ? target.union(target.connectedEdges()) : target).addClass('pointed');
      }
    });
    this.container.classList.toggle('pointing', target !== null);
  }

  /**
   * @param {import('./scale.js').Scale} scale
   * @param {string} by
   */
  showLegend(scale, by) {
    const drawn = JSON.stringify([scale.title, scale.marks, color('--scale-0')]);
    if (this.legend.dataset.drawn === drawn) {
      return;
    }
    this.legend.dataset.drawn = drawn;
    this.color.textContent = by === 'p95' ? 'Colour: p95' : 'Colour: sidecar share';
    this.color.title = 'Colour by the sidecars\' share or by p95 (c)';
    const steps = 24;
    replace(this.legend,
      h('span', {class: 'title'}, `Edge: ${scale.title}`),
      s('svg', {viewBox: '0 0 240 12', height: 12, preserveAspectRatio: 'none', 'aria-hidden': 'true'},
        Array.from({length: steps}, (_, step) => {
          const value = step / (steps - 1);
          const height = 1.5 + 6.5 * value;
          return s('rect', {x: step * 10, y: 6 - height / 2, width: 10.3, height, fill: scaleColor(value)});
        })),
      h('span', {class: 'marks'}, scale.marks.map((mark) => h('span', null, mark))),
      h('span', {class: 'note'}, 'dotted: not measured · thin dashes: no calls now · red end: errors'));
  }

  restyle() {
    this.cy.style(this.style());
    this.draw();
    this.mark();
  }

  style() {
    return [
      {selector: 'core', style: {'active-bg-opacity': 0}},
      {selector: 'node[^group]', style: {
        shape: 'round-rectangle', width: 'data(width)', height: 30,
        'background-color': color('--node'), 'border-width': 1, 'border-color': color('--line-strong'),
        label: 'data(label)', 'font-size': 12, 'font-family': 'system-ui, sans-serif', color: color('--text'),
        'text-valign': 'center', 'text-halign': 'center', 'min-zoomed-font-size': 5,
      }},
      {selector: 'node.unknown', style: {'border-style': 'dashed', 'background-opacity': 0, color: color('--muted')}},
      {selector: 'node[group]', style: {
        shape: 'round-rectangle', 'background-color': color('--raised'), 'background-opacity': 0.55, 'border-width': 1, 'border-color': color('--line'),
        label: 'data(label)', 'font-size': 12, 'font-weight': 600, 'font-family': 'system-ui, sans-serif', color: color('--muted'),
        'text-valign': 'top', 'text-halign': 'center', 'text-margin-y': -3, padding: '20px', 'min-zoomed-font-size': 4, events: 'no',
      }},
      {selector: 'edge', style: {
        width: 'data(width)', 'line-color': 'data(color)', opacity: 'data(opacity)', 'curve-style': 'bezier', 'control-point-step-size': 34,
        'target-arrow-shape': 'triangle', 'target-arrow-color': 'data(color)', 'arrow-scale': 0.9,
        label: 'data(label)', 'font-size': 10.5, 'font-family': 'system-ui, sans-serif', color: color('--text'),
        'text-background-color': color('--bg'), 'text-background-opacity': 0.85, 'text-background-padding': '1.5px', 'min-zoomed-font-size': 7,
      }},
      {selector: 'edge.many', style: {label: '', 'curve-style': 'haystack', 'haystack-radius': 0}},
      {selector: 'edge.unmeasured', style: {'line-style': 'dotted'}},
      {selector: 'edge.idle', style: {width: 1, 'line-color': color('--line-strong'), 'target-arrow-color': color('--line-strong'), 'line-style': 'dashed', label: ''}},
      {selector: 'edge.failing', style: {'target-arrow-color': color('--bad'), 'arrow-scale': 1.3, color: color('--bad')}},
      {selector: '.dim', style: {opacity: 0.08}},
      {selector: 'edge.pointed, edge.open', style: {label: 'data(label)', opacity: 1, 'curve-style': 'bezier', 'z-index': 10, 'underlay-color': color('--accent'), 'underlay-opacity': 0.22, 'underlay-padding': 4}},
      {selector: 'node[^group].pointed', style: {'border-color': color('--accent')}},
      {selector: 'node[^group].open', style: {'border-color': color('--accent'), 'border-width': 2, 'background-color': color('--selected')}},
    ];
  }
}
