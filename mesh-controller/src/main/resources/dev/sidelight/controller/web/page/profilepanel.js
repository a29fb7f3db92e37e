/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {announce, h, replace} from './dom.js';
import {ABSENT, bytes, count, seconds} from './format.js';
import {LinePanel} from './line.js';
import {lineLabel, nodeNames} from './lines.js';
import {Poll} from './poll.js';
import {isOpen, profilePath, reasonInWords} from './profiles.js';
import {go, link, route} from './route.js';
import {Rows} from './rows.js';
import {SamplesTable} from './samples.js';
import {TopologyGraph} from './topology.js';

const PERIOD_MILLIS = 1_000;
const SAMPLES_MILLIS = 2_000;
const COLUMNS = ['Line', 'Carries', 'Connections', 'Client wrote', 'Server wrote', 'Round trip p95', 'Retransmits', 'Drops'];

/** One profile as long as it is open: topology, its lines, samples. */
export class ProfilePanel {
  /**
   * @param {import('./profiles.js').Profile} profile
   * @param {import('./podkey.js').Pod} pod
   * @param {HTMLElement} panel
   */
  constructor(profile, pod, panel) {
    this.id = profile.id;
    this.profile = profile;
    this.pod = pod;
    this.panel = panel;
    /** @type {import('./lines.js').Topology | null} */
    this.topology = null;
    /** Of its nodes, by id. @type {Map<string, string>} */
    this.names = new Map();
    /** @type {LinePanel | null} */
    this.line = null;
    /** @type {Poll | null} */
    this.linePoll = null;

    this.canvas = h('div', {class: 'topology', 'data-testid': 'topology', role: 'img', 'aria-label': 'Processes of the pod and who they talk to; the table below has the same'});
    this.empty = h('p', {class: 'topology-empty', 'data-testid': 'topology-empty'});
    const lines = h('tbody', null);
    this.lines = new Rows(lines, (/** @type {import('./lines.js').Line} */ line) => line.id, (line) => this.lineRow(line));
    this.table = h('table', {class: 'lines'}, h('thead', null, h('tr', null, COLUMNS.map((name) => h('th', {scope: 'col'}, name)))), lines);
    this.samples = new SamplesTable();
    this.root = h(
      'div',
      {class: 'profile', 'data-profile': profile.id},
      h(
        'section',
        {class: 'topology-place', 'aria-label': 'Topology'},
        this.canvas,
        this.empty,
        legend(() => this.graph.fit()),
      ),
      h('section', {class: 'pod-part lines-place', 'aria-label': 'Lines'}, h('h3', null, 'Lines'), this.table),
      this.samples.root,
    );
    this.graph = new TopologyGraph(this.canvas, (line) => this.openLine(line));
    // The wheel scrolls the page, as everywhere else in it; with Ctrl it zooms.
    this.canvas.parentElement?.addEventListener('wheel', (event) => event.ctrlKey || event.stopPropagation(), {capture: true, passive: true});
    this.onKey = (/** @type {any} */ event) => this.keyed(event.detail);
    document.addEventListener('sidelight-key', this.onKey);
    this.resizing = new ResizeObserver(() => this.graph.resize());
    this.resizing.observe(this.canvas);
    this.poll = new Poll(() => profilePath(this.id), PERIOD_MILLIS, (answer) => this.take(answer), (failure) => this.fail(failure)).start();
    this.samplesPoll = new Poll(() => profilePath(this.id, '/samples'), SAMPLES_MILLIS, (answer) => this.takeSamples(answer), () => this.samples.hide()).start();
  }

  /** @param {string} key */
  keyed(key) {
    const actions = /** @type {Record<string, () => void>} */ ({
      f: () => this.graph.fit(),
      '+': () => this.graph.zoom(1.25),
      '-': () => this.graph.zoom(0.8),
    });
    actions[key]?.();
  }

  /** @param {import('./profiles.js').Profile} profile as the list has it */
  show(profile) {
    this.profile = profile;
    this.showLine();
  }

  /** @param {any} answer */
  take(answer) {
    this.profile = answer;
    this.topology = /** @type {import('./lines.js').Topology} */ (answer.topology ?? {processes: [], remotes: [], lines: []});
    this.names = nodeNames(this.topology);
    this.draw();
    if (!isOpen(answer)) {
      this.poll.stop();
    }
  }

  /** @param {any} answer */
  takeSamples(answer) {
    this.samples.update(answer.samples, this.profile);
    if (!isOpen(this.profile)) {
      this.samplesPoll.stop();
    }
  }

  /** @param {Error} failure */
  fail(failure) {
    if (!this.topology) {
      replace(this.empty, `The topology is not known: ${failure.message}.`);
    }
  }

  draw() {
    const topology = this.topology;
    if (!topology) {
      return;
    }
    const nothing = topology.processes.length === 0;
    this.root.classList.toggle('nothing', nothing);
    replace(this.empty, nothing ? emptyInWords(this.profile, this.pod) : null);
    if (!nothing) {
      this.graph.update(this.pod.name || this.pod.id, topology, route().line);
    }
    this.lines.update(topology.lines);
    this.showLine();
  }

  /** @param {string} lineId */
  openLine(lineId) {
    go({profile: this.id, line: lineId});
  }

  /** Follows the route. */
  showLine() {
    const wanted = route().line;
    const line = this.topology?.lines.find(({id}) => id === wanted);
    if (this.line && line?.id !== this.line.root.dataset.line) {
      this.closeLine();
    }
    this.panel.hidden = !wanted;
    if (!line || !this.topology) {
      replace(this.panel, wanted && this.topology ? lineGone() : null);
      return;
    }
    const {names} = this;
    if (!this.line) {
      this.line = new LinePanel(line.id, () => {
        go({line: ''});
        this.focusLine(line.id);
      });
      this.line.describe(line, names);
      replace(this.panel, this.line.root);
      this.linePoll = new Poll(() => profilePath(this.id, `/lines/${encodeURIComponent(line.id)}`), PERIOD_MILLIS, (answer) => this.takeSeries(answer), () => {}).start();
      this.graph.update(this.pod.name || this.pod.id, this.topology, wanted);
      this.lines.update(this.topology.lines);
      announce(`Line ${names.get(line.from)} to ${names.get(line.to)}`);
    } else {
      this.line.describe(line, names);
    }
  }

  /** @param {any} answer */
  takeSeries(answer) {
    this.line?.plot(answer, this.profile.startEpochMillis);
    if (!isOpen(this.profile)) {
      this.linePoll?.stop();
    }
  }

  closeLine() {
    this.linePoll?.stop();
    this.line?.root.remove();
    this.line = null;
    this.panel.hidden = true;
    if (this.topology) {
      this.graph.update(this.pod.name || this.pod.id, this.topology, route().line);
      this.lines.update(this.topology.lines);
    }
  }

  /** @param {string} lineId */
  focusLine(lineId) {
    /** @type {HTMLElement | null} */ (this.table.querySelector(`a[data-line="${CSS.escape(lineId)}"]`))?.focus();
  }

  restyle() {
    this.graph.restyle();
  }

  close() {
    this.poll.stop();
    this.samplesPoll.stop();
    this.closeLine();
    document.removeEventListener('sidelight-key', this.onKey);
    this.resizing.disconnect();
    this.graph.destroy();
    this.root.remove();
  }

  /**
   * @param {import('./lines.js').Line} line
   * @returns {import('./rows.js').Row<import('./lines.js').Line>}
   */
  lineRow(line) {
    const anchor = h('a', {'data-testid': 'line-row', 'data-line': line.id});
    const cells = Array.from({length: 7}, () => h('td', null));
    const root = h('tr', {onclick: () => this.openLine(line.id)}, h('th', {scope: 'row'}, anchor), cells);
    return {
      root,
      update: (now) => {
        const text = `${this.names.get(now.from)} → ${this.names.get(now.to)}`;
        if (anchor.textContent !== text) {
          replace(anchor, text);
        }
        anchor.setAttribute('href', link({profile: this.id, line: now.id}));
        root.classList.toggle('open', now.id === route().line);
        lineFigures(now).forEach((figure, index) => cells[index].textContent === figure || replace(cells[index], figure));
      },
    };
  }
}

/** A connection is told by what it carries; until that is known it belongs to another line. */
function lineGone() {
  return h(
    'p',
    {class: 'pod-part', 'data-testid': 'line-gone'},
    'This line is not there: what its connections carry has become known, so that they are another line now, or it belongs to another profile. ',
    h('a', {href: link({line: ''})}, 'Close'),
  );
}

/**
 * @param {import('./lines.js').Line} line
 * @returns {string[]} a cell each
 */
function lineFigures(line) {
  const sides = Object.values(line.sides ?? {});
  const {client, server} = line.sides ?? {};
  const trips = sides.map((side) => side.rtt?.p95Seconds).filter((value) => value !== undefined);
  const sum = (/** @type {(side: any) => number} */ of) => (sides.length === 0 ? undefined : sides.reduce((all, side) => all + of(side), 0));
  return [
    lineLabel(line),
    count(line.connections),
    transferred(client?.writes),
    transferred(server?.writes),
    seconds(trips.length > 0 ? Math.max(...trips) : undefined),
    count(sum((side) => side.retransmits ?? 0)),
    count(sum((side) => Object.values(side.drops ?? {}).reduce((/** @type {number} */ all, some) => all + Number(some), 0))),
  ];
}

/** @param {{calls: number, bytes: number} | undefined} writes */
function transferred(writes) {
  return writes ? bytes(writes.bytes) : ABSENT;
}

/** @param {() => void} onFit */
function legend(onFit) {
  const keys = Object.entries({sidecar: 'sidecar', application: 'application', remote: 'remote', tls: 'TLS', lossy: 'retransmits or drops'});
  return h(
    'p',
    {class: 'topology-legend'},
    keys.map(([kind, text]) => h('span', {class: `key ${kind}`}, text)),
    h('span', {class: 'hint'}, 'Ctrl and wheel, + and − zoom'),
    h('button', {type: 'button', title: 'Fit (f)', 'aria-keyshortcuts': 'f', onclick: onFit}, 'Fit'),
  );
}

/**
 * Why there is nothing to draw, and the way out.
 *
 * @param {import('./profiles.js').Profile} profile
 * @param {import('./podkey.js').Pod} pod
 */
function emptyInWords(profile, pod) {
  switch (profile.state) {
    case 'pending':
      return `Waiting for the probe${pod.node ? ` of node ${pod.node}` : ''} to begin.`;
    case 'running':
      return 'No connection has carried anything yet. The probe sees a pod’s connections as they carry bytes: send some traffic through it.';
    case 'refused':
      return `The probe refused: ${reasonInWords(profile.reason)}.`;
    default:
      return 'No connection of this pod carried anything while it was profiled.';
  }
}
