/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {fetchJson, isAbort} from './api.js';

/** So many times as long as a question took it rests before the next one. */
const PAUSE = 3;

/** @type {Set<Poll>} */
const running = new Set();
let paused = false;

/** Whether nothing is asked for until it is resumed. */
export function isPaused() {
  return paused;
}

/** @param {boolean} pause */
export function setPaused(pause) {
  paused = pause;
  running.forEach((poll) => (pause ? poll.hold() : poll.now()));
}

/**
 * Asks for one answer again and again, one at a time, not while the page is hidden or paused.
 */
export class Poll {
  /**
   * @param {() => string} path asked for each time
   * @param {number} periodMillis from an answer to the next question; longer where asking, answering and drawing take long
   * @param {(answer: any) => void} onAnswer
   * @param {(failure: Error) => void} onFailure
   */
  constructor(path, periodMillis, onAnswer, onFailure) {
    this.path = path;
    this.periodMillis = periodMillis;
    this.onAnswer = onAnswer;
    this.onFailure = onFailure;
    /** @type {AbortController | null} */
    this.asking = null;
    /** @type {number | undefined} */
    this.timer = undefined;
  }

  /** Begins. */
  start() {
    running.add(this);
    this.ask();
    return this;
  }

  /** Asks at once: what was asked for has changed. */
  now() {
    if (running.has(this)) {
      this.hold();
      this.ask();
    }
  }

  hold() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = null;
  }

  /** Ends; an answer that is under way is not told. */
  stop() {
    running.delete(this);
    this.hold();
  }

  async ask() {
    const asking = new AbortController();
    this.asking = asking;
    const since = performance.now();
    try {
      const answer = await fetchJson(this.path(), {signal: asking.signal});
      if (this.asking === asking) {
        this.onAnswer(answer);
      }
    } catch (failure) {
      if (!isAbort(failure) && this.asking === asking) {
        this.onFailure(/** @type {Error} */ (failure));
      }
    }
    if (this.asking === asking && !paused && !document.hidden) {
      const tookMillis = performance.now() - since;
      this.timer = setTimeout(() => this.ask(), Math.max(this.periodMillis, tookMillis * PAUSE));
    }
  }
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !paused) {
    running.forEach((poll) => poll.now());
  }
});
