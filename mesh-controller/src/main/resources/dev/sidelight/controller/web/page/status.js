/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {byId, h, replace} from './dom.js';
import {Poll} from './poll.js';

/**
 * What is wrong with Sidelight itself.
 *
 * @typedef {{code: string, message: string, fix: string}} Problem
 */

/** Asks the controller what it misses; shown in a bar above the view, or in the place of a view that has nothing to show. */
export class Status {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.bar = byId('problems');
    /** @type {Problem[] | null} null: not told */
    this.problems = null;
    /** What starting a profile needs: none, or token. */
    this.authentication = 'none';
    this.drawn = '';
    this.poll = new Poll(() => '/api/v1/status', 10_000, (status) => {
      this.problems = status.problems;
      this.authentication = status.authentication;
      onChange();
    }, () => {
      this.problems = null;
      onChange();
    }).start();
  }

  stop() {
    this.poll.stop();
    this.bar.hidden = true;
  }

  /** @param {boolean} hidden where the view tells the problems itself */
  showBar(hidden) {
    /** @type {Problem[]} */
    const problems = this.problems ?? [];
    this.bar.hidden = hidden || problems.length === 0;
    const drawn = JSON.stringify(problems);
    if (this.drawn !== drawn) {
      this.drawn = drawn;
      const first = problems[0]?.message ?? '';
      replace(this.bar, h('details', null, h('summary', null, problems.length > 1 ? `${problems.length} problems: ${first}` : first), list(problems)));
    }
  }

  /** In words, for a view without anything else. */
  describe() {
    if (this.problems === null) {
      return h('p', null, 'The controller does not tell its status.');
    }
    return this.problems.length === 0 ? h('p', null, 'The controller misses nothing: access logs and kernel records arrive.') : list(this.problems);
  }
}

/** @param {Problem[]} problems */
function list(problems) {
  return h('ul', {class: 'problem-list'}, problems.map(({code, message, fix}) =>
    h('li', {'data-code': code}, h('b', null, message), fix ? h('span', {class: 'fix'}, fix) : null)));
}
