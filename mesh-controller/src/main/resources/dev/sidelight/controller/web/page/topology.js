/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import cytoscape from './cytoscape.esm.min.mjs';
import {lineLabel} from './lines.js';
import {Places} from './places.js';
import {color} from './theme.js';

const NODE_WIDTH = 150;
const POD = '#pod';

/** The process topology of one pod, drawn as it grows: its processes in a box, whoever they talk to outside. */
export class TopologyGraph {
  /**
   * @param {HTMLElement} container
   * @param {(lineId: string) => void} onOpen a line was clicked
   */
  constructor(container, onOpen) {
    this.cy = cytoscape({
      container,
      style: stylesheet(),
      layout: {name: 'preset'},
      minZoom: 0.05,
      maxZoom: 2.5,
      boxSelectionEnabled: false,
    });
    this.places = new Places();
    this.touched = false;
    this.cy.on('dragpan scrollzoom pinchzoom', () => (this.touched = true));
    this.cy.on('tap', 'edge', (/** @type {any} */ event) => onOpen(event.target.id()));
    this.cy.on('mouseover mouseout', 'edge', (/** @type {any} */ event) => {
      const over = event.type === 'mouseover';
      event.target.toggleClass('hovered', over);
      container.classList.toggle('over-line', over);
    });
  }

  /**
   * Draws what is new; what has a place keeps it.
   *
   * @param {string} pod its name
   * @param {import('./lines.js').Topology} topology
   * @param {string} openLine id of the line that is open, or empty
   */
  update(pod, topology, openLine) {
    const drawn = this.cy.elements().length;
    this.places.decide(topology);
    this.cy.batch(() => {
      this.removeAllBut([...topology.processes, ...topology.remotes, ...topology.lines]);
      this.put('nodes', {id: POD, label: pod}, 'pod');
      const before = {left: this.places.reach('left'), right: this.places.reach('right')};
      topology.processes.forEach((process) =>
        this.put('nodes', {id: process.id, parent: POD, label: process.name, note: processNote(process)}, process.name === 'envoy' ? 'sidecar' : 'application'));
      this.pushAway('left', before.left - this.places.reach('left'));
      this.pushAway('right', this.places.reach('right') - before.right);
      topology.remotes.forEach((remote) => this.put('nodes', {id: remote.id, label: remote.name, note: remote.namespace ?? ''}, 'remote'));
      const outside = new Set(topology.remotes.map(({id}) => id));
      topology.lines.forEach((line) => {
        const inside = !outside.has(line.from) && !outside.has(line.to);
        this.put('edges', {id: line.id, source: line.from, target: line.to, label: lineLabel(line)}, `${lineClasses(line)} ${inside ? 'inside' : ''}`);
      });
      this.cy.edges().forEach((/** @type {any} */ edge) => edge.toggleClass('open', edge.id() === openLine));
    });
    if (this.cy.elements().length !== drawn) {
      this.bringIntoSight();
    }
  }

  /** The theme has changed. */
  restyle() {
    this.cy.style(stylesheet());
  }

  /** Everything in sight, and no larger than it is legible. */
  fit() {
    this.touched = false;
    this.cy.resize();
    this.cy.fit(undefined, 20);
    if (this.cy.zoom() > 1.1) {
      this.cy.zoom(1.1);
      this.cy.center();
    }
  }

  /** @param {number} factor larger than 1: nearer */
  zoom(factor) {
    this.touched = true;
    this.cy.zoom({level: this.cy.zoom() * factor, renderedPosition: {x: this.cy.width() / 2, y: this.cy.height() / 2}});
  }

  /** The place that it is drawn in has changed. */
  resize() {
    this.cy.resize();
    if (!this.touched) {
      this.fit();
    }
  }

  destroy() {
    this.cy.destroy();
  }

  /**
   * A connection is in another line once its protocol is known, and a node may have lost its last one by that.
   *
   * @param {{id: string}[]} kept
   */
  removeAllBut(kept) {
    const ids = new Set([POD, ...kept.map(({id}) => id)]);
    this.cy.elements().filter((/** @type {any} */ element) => !ids.has(element.id())).remove();
  }

  /**
   * @param {'nodes' | 'edges'} group
   * @param {{id: string, label: string, [name: string]: string}} data
   * @param {string} classes
   */
  put(group, data, classes) {
    const element = this.cy.getElementById(data.id);
    if (element.nonempty()) {
      element.data(data);
      element.toggleClass('lossy', classes.includes('lossy'));
      return;
    }
    this.cy.add({group, data, classes, position: group === 'nodes' && data.id !== POD ? this.places.of(data.id) : undefined});
  }

  /**
   * Remotes of one side make room for processes.
   *
   * @param {'left' | 'right'} side
   * @param {number} distance along x
   */
  pushAway(side, distance) {
    if (distance !== 0) {
      this.cy.nodes('.remote').filter((/** @type {any} */ node) => this.places.regions.get(node.id()) === side).shift('x', distance);
    }
  }

  /** All, unless it is in sight already, or somebody has chosen what to look at. */
  bringIntoSight() {
    if (this.touched) {
      return;
    }
    const drawn = this.cy.elements().renderedBoundingBox();
    if (drawn.x1 < 0 || drawn.y1 < 0 || drawn.x2 > this.cy.width() || drawn.y2 > this.cy.height()) {
      this.fit();
    }
  }
}

/** @param {import('./lines.js').Process} process */
function processNote(process) {
  const many = (process.pids?.length ?? 0) > 1 ? `×${process.pids?.length}` : '';
  const ports = (process.listeningPorts ?? []).map((port) => `:${port}`);
  const shown = ports.length > 3 ? [...ports.slice(0, 3), '…'] : ports;
  return [many, ...shown].filter(Boolean).join(' ');
}

/** @param {import('./lines.js').Line} line */
function lineClasses(line) {
  const lossy = Object.values(line.sides ?? {}).some((side) => side.retransmits > 0 || Object.keys(side.drops ?? {}).length > 0);
  return [line.tls || line.protocol === 'tls' ? 'tls' : '', lossy ? 'lossy' : ''].join(' ');
}

function stylesheet() {
  const font = {'font-family': 'system-ui, sans-serif', color: color('--text')};
  const line = (/** @type {string} */ property) => ({'line-color': color(property), 'target-arrow-color': color(property)});
  return [
    {
      selector: 'node',
      style: {
        ...font,
        label: (/** @type {any} */ node) => [node.data('label'), node.data('note')].filter(Boolean).join('\n'),
        'font-size': 15,
        'text-valign': 'center',
        'text-wrap': 'wrap',
        'text-max-width': NODE_WIDTH - 10,
        width: NODE_WIDTH,
        height: 60,
        shape: 'round-rectangle',
        'background-color': color('--surface'),
        'border-width': 2,
        'border-color': color('--line-strong'),
      },
    },
    {selector: 'node.sidecar', style: {'border-color': color('--sidecar')}},
    {selector: 'node.application', style: {'border-color': color('--application')}},
    {selector: 'node.remote', style: {shape: 'ellipse', 'border-style': 'dashed', width: NODE_WIDTH + 36}},
    {
      selector: 'node.pod',
      style: {
        'background-color': color('--accent'),
        'background-opacity': 0.05,
        'border-color': color('--accent'),
        'border-width': 1,
        'text-valign': 'top',
        'text-margin-y': -6,
        'text-max-width': 900,
        padding: 30,
      },
    },
    {
      selector: 'edge',
      style: {
        ...font,
        ...line('--line-strong'),
        label: 'data(label)',
        'font-size': 14,
        'text-background-color': color('--bg'),
        'text-background-opacity': 0.92,
        'text-background-padding': 3,
        width: 2.5,
        'target-arrow-shape': 'triangle',
        'curve-style': 'bezier',
        'control-point-step-size': 60,
      },
    },
    // These run up and down: their labels need room beside each other.
    {selector: 'edge.inside', style: {'control-point-step-size': 210}},
    {selector: 'edge.tls', style: {...line('--tls'), width: 3.5}},
    {selector: 'edge.lossy', style: {'line-style': 'dashed', ...line('--bad')}},
    {selector: 'edge.hovered', style: {width: 6}},
    {selector: 'edge.open', style: {...line('--accent'), width: 6}},
  ];
}
