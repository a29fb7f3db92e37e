/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {replace, h} from './dom.js';
import {Poll} from './poll.js';
import {go, link, onRoute, route} from './route.js';

/**
 * The view of pods: their list, the topology of the one that is open, its profiles.
 *
 * @param {import('./main.js').Areas} areas
 * @returns {import('./main.js').View}
 */
export function openPods({list, stage}) {
  const poll = new Poll(() => '/api/v1/pods', 5_000, show, fail).start();
  const stopRouting = onRoute(() => poll.now());

  /** @param {{pods: any[]}} answer */
  function show({pods}) {
    replace(list, h('ul', null, pods.map((pod) =>
      h('li', null, h('a', {href: link({pod: `${pod.namespace}/${pod.name}`})}, `${pod.namespace}/${pod.name}`)))));
    replace(stage, route().pod);
  }

  /** @param {Error} failure */
  function fail(failure) {
    replace(list, h('p', null, failure.message));
  }

  return {
    close() {
      poll.stop();
      stopRouting();
    },
    escape() {
      go({pod: '', profile: '', line: ''});
    },
  };
}
