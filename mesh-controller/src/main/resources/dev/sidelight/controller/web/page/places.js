/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check

const ROW = 104;
const PROCESS_COLUMN = 196;
const STAGGER = 60;
const PROCESSES_A_ROW = 3;
const REMOTES_A_COLUMN = 8;
/** From the pod's outermost process to the first column of remotes, centre to centre; room for a line's label. */
const REMOTE_DISTANCE = 296;
const REMOTE_COLUMN = 200;

/** @typedef {'left' | 'right' | 'upper' | 'lower'} Region remotes that call, that are called; processes that talk to the outside, that do not */

/**
 * Where the nodes of a topology lie: each has its place from when it is first seen, and a later one takes a place that is free,
 * so that a picture that grows each second can be read meanwhile. The same order of arrival gives the same picture.
 */
export class Places {
  constructor() {
    this.taken = {left: 0, right: 0, upper: 0, lower: 0};
    /** @type {Map<string, Region>} */
    this.regions = new Map();
    /** @type {Map<string, {x: number, y: number}>} */
    this.placeById = new Map();
  }

  /**
   * Decides where what is new belongs.
   *
   * @param {import('./lines.js').Topology} topology
   */
  decide({processes, remotes, lines}) {
    const outside = new Set(remotes.map(({id}) => id));
    const callers = new Set(lines.filter(({from}) => outside.has(from)).map(({from}) => from));
    const outward = new Set(lines.filter(({from, to}) => outside.has(from) || outside.has(to)).flatMap(({from, to}) => [from, to]));
    const decide = (/** @type {string} */ id, /** @type {Region} */ region) => this.regions.has(id) || this.regions.set(id, region);
    processes.forEach(({id}) => decide(id, outward.has(id) ? 'upper' : 'lower'));
    remotes.forEach(({id}) => decide(id, callers.has(id) ? 'left' : 'right'));
  }

  /**
   * The place that it had when it was there before, else a free one.
   *
   * @param {string} id of a node that `decide` knows
   */
  of(id) {
    const place = this.placeById.get(id) ?? this.next(/** @type {Region} */ (this.regions.get(id)));
    this.placeById.set(id, place);
    return {...place};
  }

  /**
   * How far the processes reach to that side: a pod that gets another column of them pushes the remotes there away, once.
   *
   * @param {Region} side left or right
   */
  reach(side) {
    const columns = Math.max(this.taken.upper, this.taken.lower);
    return columns > (side === 'right' ? 1 : 2) ? PROCESS_COLUMN : 0;
  }

  /** @param {Region} region */
  next(region) {
    const index = this.taken[region]++;
    if (region === 'left' || region === 'right') {
      const x = this.reach(region) + REMOTE_DISTANCE + Math.floor(index / REMOTES_A_COLUMN) * REMOTE_COLUMN;
      return {x: region === 'left' ? -x : x, y: aboutMiddle(index % REMOTES_A_COLUMN) * ROW};
    }
    const column = aboutMiddle(index % PROCESSES_A_ROW);
    const row = Math.floor(index / PROCESSES_A_ROW);
    // Outer ones lie lower, so that the labels of lines, in their middles, are not at one height.
    const y = region === 'upper' ? -row * ROW : (row + 1.6) * ROW + (column === 0 ? 0 : STAGGER);
    return {x: column * PROCESS_COLUMN, y};
  }
}

/**
 * 0, 1, -1, 2, -2, ...: a place about a middle that does not depend on how many follow.
 *
 * @param {number} index
 */
function aboutMiddle(index) {
  return index % 2 ? (index + 1) / 2 : -index / 2;
}
