/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {apiPath} from './api.js';
import {stackedBar} from './bar.js';
import {ROLLUPS} from './components.js';
import {h, replace} from './dom.js';
import {edgeId, endsOf} from './edges.js';
import {clock, nanos} from './format.js';
import {Poll} from './poll.js';
import {RequestCalls} from './request.js';
import {CALLS_WINDOW, callsWindow, go, route} from './route.js';
import {statusOf, waterfall} from './waterfall.js';

const SHOWN = 10;

/** The slowest calls of an edge, and the one that is open. */
export class SlowCalls {
  /** @param {string} id of the edge */
  constructor(id) {
    this.id = id;
    this.ends = endsOf(id);
    this.open = h('div', {class: 'open-call'});
    this.request = new RequestCalls();
    this.list = h('ol', {class: 'slow'});
    this.note = h('p', {class: 'note', role: 'status'});
    this.element = h('div', null, this.open, this.note, this.list);
    /** Rows by what they show. @type {Map<string, HTMLElement>} */
    this.rows = new Map();
    /** @type {string} the call that is drawn */
    this.drawn = '';
    /** @type {any[]} */
    this.calls = [];
    this.isOurs = this.isOurs.bind(this);
    this.poll = new Poll(() => this.path({order: 'slowest', limit: SHOWN, ends: true, window: callsWindow()}), 4_000,
      (answer) => this.show(answer.requests), (failure) => (this.note.textContent = failure.message)).start();
    /** Asks for a call that is none of the slowest: from a link, or one that others have overtaken. @type {Poll | null} */
    this.single = null;
    this.follow();
  }

  stop() {
    this.poll.stop();
    this.single?.stop();
    this.request.stop();
  }

  /** The window or the call has changed. */
  follow() {
    this.poll.now();
    this.showOpen();
  }

  /** @param {Record<string, unknown>} query */
  path(query) {
    const {source, destination, protocol} = this.ends;
    return apiPath('/api/v1/requests', {source, destination, protocol, ...query});
  }

  /** @param {any} call */
  isOurs(call) {
    return this.id.startsWith(edgeId(call));
  }

  /** @param {any[]} requests */
  show(requests) {
    this.calls = requests.filter(this.isOurs).sort((a, b) => b.totalNanos - a.totalNanos).slice(0, SHOWN);
    this.note.textContent = this.calls.length > 0 ? '' : `None is held of the last ${callsWindow()}.`;
    this.note.hidden = this.calls.length > 0;
    const focused = document.activeElement;
    const largest = this.calls[0]?.totalNanos ?? 0;
    const rows = this.calls.map((call) => this.row(call, largest));
    rows.forEach((row, index) => {
      if (this.list.children[index] !== row) {
        this.list.insertBefore(row, this.list.children[index] ?? null);
      }
    });
    while (this.list.children.length > rows.length) {
      this.list.lastElementChild?.remove();
    }
    this.rows = new Map([...this.rows].filter(([, row]) => rows.includes(row)));
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.list.contains(focused)) {
      focused.focus({preventScroll: true});
    }
    this.showOpen();
  }

  /**
   * @param {any} call
   * @param {number} largest
   */
  row(call, largest) {
    const id = keyOf(call);
    const key = `${id} ${call.startEpochNanos}`;
    let row = this.rows.get(key);
    if (!row) {
      row = h('li', null, h('button', {
        type: 'button', 'data-testid': 'slow-call', 'data-request-id': call.requestId, 'data-total-nanos': call.totalNanos,
        'aria-expanded': 'false', onclick: () => go({call: route().call === id ? '' : id}),
      }));
      this.rows.set(key, row);
    }
    const button = /** @type {HTMLElement} */ (row.firstElementChild);
    if (button.dataset.largest !== String(largest)) {
      button.dataset.largest = String(largest);
      const parts = ROLLUPS.map(({key: rollup, label}) => ({key: rollup, rollup, label, text: '', value: call.rollups[rollup] ?? 0}));
      replace(button,
        h('span', {class: 'time'}, nanos(call.totalNanos)),
        h('span', {class: 'mini'}, stackedBar(parts, {total: largest, height: 10, small: true})),
        h('span', {class: call.responseCode >= 500 || call.responseCode === 0 ? 'status bad' : 'status'}, statusOf(call)),
        h('span', {class: 'path'}, `${call.method} ${call.path}`),
        h('span', {class: 'when'}, clock(call.startEpochNanos / 1e6)));
    }
    return row;
  }

  showOpen() {
    const {call: wanted} = route();
    for (const row of this.rows.values()) {
      const button = /** @type {HTMLElement} */ (row.firstElementChild);
      const mine = this.calls.some((call) => keyOf(call) === wanted && call.requestId === button.dataset.requestId && String(call.totalNanos) === button.dataset.totalNanos);
      button.setAttribute('aria-expanded', String(mine && wanted !== ''));
    }
    if (wanted === this.drawn) {
      return;
    }
    this.single?.stop();
    this.single = null;
    if (!wanted) {
      this.drawn = '';
      replace(this.open);
      return;
    }
    const call = this.calls.find((each) => keyOf(each) === wanted);
    if (call) {
      this.draw(call);
    } else if (this.calls.length > 0 || this.note.textContent) {
      this.ask(wanted);
    }
  }

  /** @param {any} call */
  draw(call) {
    this.drawn = keyOf(call);
    replace(this.open,
      h('div', {class: 'open-head'}, h('h4', null, 'One call'), h('button', {type: 'button', class: 'close', 'aria-label': 'Close the call', onclick: () => go({call: ''})}, '×')),
      waterfall(call), this.request.element);
    this.request.show(call);
    this.open.scrollIntoView({block: 'nearest'});
  }

  /** @param {string} requestId */
  ask(requestId) {
    this.drawn = requestId;
    this.single = new Poll(() => this.path({requestId, window: CALLS_WINDOW, ends: true}), 600_000, ({requests}) => {
      this.single?.stop();
      const call = requests.find((/** @type {any} */ each) => this.isOurs(each) && keyOf(each) === requestId);
      if (call) {
        this.draw(call);
      } else {
        replace(this.open, h('p', {class: 'note'}, `The call ${requestId} is not held any more: the controller keeps the newest.`));
      }
    }, (failure) => replace(this.open, h('p', {class: 'note'}, failure.message))).start();
  }
}

/**
 * What stands for a call in the URL.
 *
 * @param {any} call
 */
function keyOf(call) {
  return call.requestId || `@${Math.round(call.startEpochNanos / 1000)}`;
}
