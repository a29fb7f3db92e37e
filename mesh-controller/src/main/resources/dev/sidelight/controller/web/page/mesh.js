/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {apiPath} from './api.js';
import {announce, byId, h, replace} from './dom.js';
import {EdgePanel} from './edge.js';
import {edgesOf, matches, workloadName} from './edges.js';
import {Graph, UNKNOWN} from './graph.js';
import {EdgeList} from './list.js';
import {Poll} from './poll.js';
import {go, onRoute, route} from './route.js';
import {Status} from './status.js';
import {WorkloadPanel} from './workload.js';

const PERIOD_MILLIS = 2_000;

/**
 * The view of the mesh: edges, worst first, their graph, and the edge or workload that is open.
 *
 * @param {import('./main.js').Areas} areas
 * @returns {import('./main.js').View}
 */
export function openMesh(areas) {
  const mesh = new Mesh(areas);
  return {
    close: () => mesh.close(),
    escape: () => (route().call ? go({call: ''}) : go({edge: '', workload: ''})),
    move: (step) => mesh.list.move(step),
  };
}

/**
 * @param {string} edge id of the one that is open, or empty
 * @param {string} workload
 */
function titleOf(edge, workload) {
  return edge ? edge.split('~').slice(0, 2).map(workloadName).join(' → ') : workloadName(workload);
}

class Mesh {
  /** @param {import('./main.js').Areas} areas */
  constructor({list, stage, panel, live}) {
    this.area = panel;
    this.live = live;
    this.graph = new Graph(stage);
    this.empty = h('div', {class: 'notice', 'data-testid': 'empty', hidden: true});
    stage.append(this.empty);
    this.list = new EdgeList(list, (id) => this.graph.pointAt(id));
    /** @type {EdgePanel | WorkloadPanel | null} */
    this.panel = null;
    /** @type {import('./edges.js').Edge[] | null} null: nothing was answered yet */
    this.edges = null;
    this.windowSeconds = 1;
    /** @type {Set<string>} */
    this.namespaces = new Set();
    this.status = new Status(() => this.showEmpty());
    this.poll = new Poll(() => apiPath('/api/v1/edges', {window: route().window, namespace: route().namespace}), PERIOD_MILLIS,
      (answer) => this.take(answer), (failure) => this.live.failed(failure)).start();
    /** @type {Record<string, () => void>} */
    const actions = {c: () => this.graph.switchColor(), f: () => this.graph.fit(), l: () => this.graph.arrange()};
    this.onKey = (/** @type {any} */ event) => actions[event.detail]?.();
    document.addEventListener('sidelight-key', this.onKey);
    this.stopRouting = onRoute((now, before) => this.follow(now, before));
    this.openPanel();
  }

  close() {
    document.removeEventListener('sidelight-key', this.onKey);
    this.stopRouting();
    this.poll.stop();
    this.status.stop();
    this.panel?.stop();
    this.graph.close();
    document.title = 'Sidelight';
  }

  /**
   * @param {import('./route.js').Route} now
   * @param {import('./route.js').Route} before
   */
  follow(now, before) {
    if (now.view !== 'mesh') {
      return;
    }
    if (now.edge !== before.edge || now.workload !== before.workload) {
      this.openPanel();
      // The list goes on from the row that is, or was, open.
      if (this.panel) {
        this.area.focus({preventScroll: true});
      } else {
        this.list.focus(before.edge);
      }
    } else if (now.call !== before.call || now.window !== before.window) {
      this.panel?.follow();
    }
    if (now.window !== before.window || now.namespace !== before.namespace) {
      this.poll.now();
    }
    this.show();
  }

  /** @param {{windowSeconds: number, edges: any[]}} answer */
  take(answer) {
    this.live.fresh();
    this.edges = edgesOf(answer);
    this.windowSeconds = answer.windowSeconds;
    this.showNamespaces();
    this.show();
  }

  show() {
    if (!this.edges) {
      return;
    }
    const now = route();
    const inNamespace = this.edges.filter((edge) => matches(edge, {namespace: now.namespace, search: ''}));
    const found = inNamespace.filter((edge) => matches(edge, now));
    this.list.show(found, this.windowSeconds, this.edges.length - found.length);
    const first = this.graph.edges.length === 0;
    this.graph.show(inNamespace);
    if (first) {
      this.graph.reveal();
    }
    this.showPanel();
    this.showEmpty();
  }

  openPanel() {
    const {edge, workload} = route();
    this.panel?.stop();
    this.panel = null;
    document.title = edge || workload ? `${titleOf(edge, workload)} · Sidelight` : 'Sidelight';
    if (edge) {
      this.panel = new EdgePanel(this.area, edge);
    } else if (workload) {
      this.panel = new WorkloadPanel(this.area, workload);
    } else {
      replace(this.area);
    }
    this.area.hidden = this.panel === null;
    this.area.scrollTop = 0;
    if (this.panel) {
      announce(`${titleOf(edge, workload)} is open`);
    }
    this.showPanel();
    this.graph.reveal();
  }

  showPanel() {
    if (!this.edges) {
      return;
    }
    if (this.panel instanceof EdgePanel) {
      const {id} = this.panel;
      this.panel.show(this.edges.find((edge) => edge.id === id), this.windowSeconds, this.edges);
    } else {
      this.panel?.show(this.edges, this.windowSeconds);
    }
  }

  showNamespaces() {
    const before = this.namespaces.size;
    this.edges?.forEach((edge) => [edge.source.namespace, edge.destination.namespace].forEach((name) => name && name !== UNKNOWN && this.namespaces.add(name)));
    if (route().namespace) {
      this.namespaces.add(route().namespace);
    }
    if (this.namespaces.size !== before) {
      const select = /** @type {HTMLSelectElement} */ (byId('namespace'));
      replace(select, h('option', {value: ''}, 'All namespaces'), [...this.namespaces].sort().map((name) => h('option', {value: name}, name)));
      select.value = route().namespace;
    }
  }

  showEmpty() {
    const none = this.edges !== null && this.edges.length === 0;
    this.empty.hidden = !none;
    this.status.showBar(none);
    const {window, namespace} = route();
    const drawn = JSON.stringify([none, window, namespace, this.status.problems]);
    if (none && this.empty.dataset.drawn !== drawn) {
      this.empty.dataset.drawn = drawn;
      replace(this.empty,
        h('h2', null, `No calls in the last ${window}${namespace ? ` in ${namespace}` : ''}`),
        this.status.describe(),
        h('p', {class: 'ways-out'},
          window === '15m' ? null : h('button', {type: 'button', onclick: () => go({window: '15m'})}, 'Look at the last 15m'),
          namespace ? h('button', {type: 'button', onclick: () => go({namespace: ''})}, 'All namespaces') : null));
    }
  }
}
