/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {apiPath} from './api.js';
import {h, replace} from './dom.js';
import {edgesOf, workloadId, workloadName} from './edges.js';
import {percent, seconds} from './format.js';
import {Poll} from './poll.js';
import {link, route} from './route.js';
import {Rows} from './rows.js';

const PERIOD_MILLIS = 5_000;

/** The edges of the pod's workload, as links to them. */
export class PodEdges {
  /** @param {import('./podkey.js').Pod} pod */
  constructor(pod) {
    this.workload = `${pod.namespace}/${pod.workload}`;
    const list = h('ul', {class: 'pod-edges'});
    this.note = h('p', {class: 'dim'});
    this.root = h('section', {class: 'pod-part', 'aria-label': 'Edges'}, h('h3', null, 'Edges'), list, this.note);
    this.rows = new Rows(list, ({id}) => id, (edge) => edgeRow(edge, this.workload));
    /** @type {{inbound: import('./edges.js').Edge[], outbound: import('./edges.js').Edge[]}} */
    this.edges = {inbound: [], outbound: []};
    this.polls = pod.workload ? [this.poll('inbound', 'destination'), this.poll('outbound', 'source')] : [];
    if (!pod.workload) {
      replace(this.note, 'Whose workload this pod is, its probe does not know.');
    }
  }

  /**
   * @param {'inbound' | 'outbound'} direction
   * @param {'source' | 'destination'} end
   */
  poll(direction, end) {
    return new Poll(
      () => apiPath('/api/v1/edges', {window: route().window, [end]: this.workload}),
      PERIOD_MILLIS,
      (answer) => {
        this.edges[direction] = edgesOf(answer).filter((edge) => workloadId(edge[end]) === this.workload);
        this.show();
      },
      (failure) => replace(this.note, `The edges are not known: ${failure.message}.`),
    ).start();
  }

  show() {
    const edges = [...this.edges.inbound, ...this.edges.outbound];
    this.rows.update(edges);
    if (this.polls.length > 0) {
      replace(this.note, edges.length === 0 ? `No call from or to this workload in the last ${route().window}.` : null);
    }
  }

  close() {
    this.polls.forEach((poll) => poll.stop());
  }
}

/**
 * @param {import('./edges.js').Edge} edge
 * @param {string} workload whose pod is open
 * @returns {import('./rows.js').Row<import('./edges.js').Edge>}
 */
function edgeRow(edge, workload) {
  const figures = h('span', {class: 'dim'});
  const text = edge.destinationId === workload ? `← ${workloadName(edge.sourceId)}` : `→ ${workloadName(edge.destinationId)}`;
  const anchor = h('a', {'data-testid': 'pod-edge', 'data-source': edge.sourceId, 'data-destination': edge.destinationId}, text);
  return {
    root: h('li', null, anchor, ' ', figures),
    update(now) {
      anchor.setAttribute('href', link({view: 'mesh', edge: now.id, call: '', pod: '', profile: '', line: ''}));
      replace(figures, `p95 ${seconds(now.total.p95Seconds)}, sidecar ${percent(now.shares.sidecar)}`);
    },
  };
}
