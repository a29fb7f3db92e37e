/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {byId} from './dom.js';
import {clock} from './format.js';
import {isPaused, setPaused} from './poll.js';

/** How fresh the figures are, at the top of the page. */
export const live = {
  /** Nothing was answered yet. */
  waiting() {
    show('waiting', 'waiting');
  },

  /** An answer was shown now. */
  fresh() {
    if (!isPaused()) {
      show('live', 'live');
    }
  },

  /** @param {Error} failure of a poll */
  failed(failure) {
    show('failed', failure.message);
  },

  /** Asks no more, or again. */
  switchPause() {
    const pause = !isPaused();
    setPaused(pause);
    byId('pause').setAttribute('aria-pressed', String(pause));
    if (pause) {
      show('paused', `paused at ${clock(Date.now())}`);
    } else {
      show('waiting', 'waiting');
    }
  },
};

/**
 * @param {string} state
 * @param {string} text
 */
function show(state, text) {
  const element = byId('live');
  if (element.dataset.state !== state || element.textContent !== text) {
    element.dataset.state = state;
    element.textContent = text;
  }
}
