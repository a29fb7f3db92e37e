/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {apiPath} from './api.js';
import {h, replace} from './dom.js';
import {seconds} from './format.js';
import {Poll} from './poll.js';
import {go, link, onRoute, route} from './route.js';

/**
 * The view of the mesh: edges, worst first, their graph, and the edge that is open.
 *
 * @param {import('./main.js').Areas} areas
 * @returns {import('./main.js').View}
 */
export function openMesh({list, panel, live}) {
  const poll = new Poll(() => apiPath('/api/v1/edges', {window: route().window}), 2_000, show, live.failed).start();
  const stopRouting = onRoute((now, before) => now.window !== before.window && poll.now());

  /** @param {{edges: any[]}} answer */
  function show({edges}) {
    live.fresh();
    replace(list, h('ul', null, edges.map((edge) =>
      h('li', null, `${edge.source.workload} → ${edge.destination.workload} ${seconds(edge.total.p95Seconds)}`))));
    panel.hidden = !route().edge;
  }

  return {
    close() {
      poll.stop();
      stopRouting();
    },
    escape() {
      go({edge: '', call: ''});
    },
  };
}
