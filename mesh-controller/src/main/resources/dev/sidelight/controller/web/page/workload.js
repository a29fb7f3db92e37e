/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {h, replace} from './dom.js';
import {contribution, ownSeconds, workloadName} from './edges.js';
import {percent, rate, seconds} from './format.js';
import {Poll} from './poll.js';
import {go, link} from './route.js';
import {verdictOf} from './verdict.js';

/** One workload, opened: its edges in both directions, its sidecar's part in them, its pods. */
export class WorkloadPanel {
  /**
   * @param {HTMLElement} area
   * @param {string} id NAMESPACE/WORKLOAD
   */
  constructor(area, id) {
    this.id = id;
    this.incoming = h('div');
    this.outgoing = h('div');
    this.pods = h('div');
    this.drawn = '';
    replace(area, h('div', {class: 'edge', 'data-testid': 'workload-panel', 'data-workload': id},
      h('header', null, h('h2', null, workloadName(id)),
        h('button', {type: 'button', class: 'close', 'data-testid': 'close', 'aria-label': 'Close', title: 'Close (Esc)', onclick: () => go({workload: ''})}, '×'),
        h('p', {class: 'subtitle'}, id)),
      section('Calls to it', this.incoming), section('Calls that it makes', this.outgoing), section('Pods', this.pods)));
    this.poll = new Poll(() => '/api/v1/pods', 10_000, (answer) => this.showPods(answer.pods), (failure) => {
      replace(this.pods, h('p', {class: 'note'}, `No pods are told: ${failure.message}.`));
    }).start();
  }

  stop() {
    this.poll.stop();
  }

  follow() {
    // Its figures come with the edges.
  }

  /**
   * @param {import('./edges.js').Edge[]} edges all
   * @param {number} windowSeconds
   */
  show(edges, windowSeconds) {
    this.table(this.incoming, edges.filter(({destinationId}) => destinationId === this.id), windowSeconds, 'destination');
    this.table(this.outgoing, edges.filter(({sourceId}) => sourceId === this.id), windowSeconds, 'source');
  }

  /**
   * @param {HTMLElement} place
   * @param {import('./edges.js').Edge[]} edges
   * @param {number} windowSeconds
   * @param {'source' | 'destination'} end which of an edge's ends it is
   */
  table(place, edges, windowSeconds, end) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest('a'))?.getAttribute('href');
    const had = place.contains(document.activeElement);
    if (edges.length === 0) {
      replace(place, h('p', {class: 'note'}, 'None in this time window.'));
      return;
    }
    replace(place, h('table', null,
      h('thead', null, h('tr', null, [end === 'source' ? 'to' : 'from', 'calls', 'errors', 'p50', 'p95', 'its sidecar', 'whose time'].map((title) => h('th', {scope: 'col'}, title)))),
      h('tbody', null, [...edges].sort((a, b) => ownSeconds(b) - ownSeconds(a)).map((edge) => {
        const parts = ['sidecar_queue', 'sidecar', 'sidecar_connect'].map((part) => edge.components[`${end}_${part}`]).filter(Boolean);
        const verdict = verdictOf(edge);
        return h('tr', null,
          h('th', {scope: 'row'}, h('a', {href: link({edge: edge.id, workload: ''})}, workloadName(end === 'source' ? edge.destinationId : edge.sourceId))),
          h('td', null, rate(edge.requests, windowSeconds)), h('td', {class: edge.errors > 0 ? 'bad' : ''}, edge.errors > 0 ? percent(edge.errors / edge.requests) : '0'),
          h('td', null, seconds(edge.total.p50Seconds)), h('td', null, seconds(edge.total.p95Seconds)),
          h('td', null, seconds(parts.length > 0 ? parts.reduce((sum, figures) => sum + contribution(edge, figures), 0) : undefined)),
          h('td', null, h('span', {class: `chip chip-${verdict?.key ?? 'unknown'}`}, verdict ? `${verdict.label} ${percent(verdict.share)}` : 'not measured')));
      }))));
    if (had && focused) {
      /** @type {HTMLElement | undefined} */ ([...place.querySelectorAll('a')].find((each) => each.getAttribute('href') === focused))?.focus({preventScroll: true});
    }
  }

  /** @param {any[]} pods */
  showPods(pods) {
    const own = pods.filter((pod) => `${pod.namespace}/${pod.workload}` === this.id);
    const drawn = JSON.stringify(own);
    if (this.drawn !== drawn) {
      this.drawn = drawn;
      replace(this.pods, own.length === 0 ? h('p', {class: 'note'}, 'No probe tells of a pod of it.') : h('ul', {class: 'pods'}, own.map((pod) =>
        h('li', null, h('a', {href: link({view: 'pods', pod: pod.id, workload: '', edge: '', call: ''})}, pod.name), ` on ${pod.node}${pod.profile ? ', a profile runs' : ''}`))));
    }
  }
}

/**
 * @param {string} title
 * @param {HTMLElement} child
 */
function section(title, child) {
  return h('section', {'aria-label': title}, h('h3', null, title), child);
}
