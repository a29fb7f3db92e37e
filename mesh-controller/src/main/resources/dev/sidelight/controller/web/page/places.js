/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check

const ROW = 104;
const PROCESS_COLUMN = 196;
const REMOTES_A_COLUMN = 8;
const MORE_A_COLUMN = 6;
/** How much farther the outer processes of a row lie than its middle one. */
const STAGGER = 60;
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
    return region === 'left' || region === 'right' ? this.nextRemote(index, region) : nextProcess(index, region);
  }

  /**
   * Columns, each longer than the one before; every other one is half a row lower, so that lines from behind it pass between its nodes.
   *
   * @param {number} index
   * @param {'left' | 'right'} side
   */
  nextRemote(index, side) {
    let column = 0;
    let first = 0;
    while (index - first >= REMOTES_A_COLUMN + column * MORE_A_COLUMN) {
      first += REMOTES_A_COLUMN + column * MORE_A_COLUMN;
      column++;
    }
    const x = this.reach(side) + REMOTE_DISTANCE + column * REMOTE_COLUMN;
    return {x: side === 'left' ? -x : x, y: (aboutMiddle(index - first) + (column % 2) / 2) * ROW};
  }
}

/**
 * Rows of three and of two by turns, outwards from the middle: lines pass between those of the row before.
 *
 * @param {number} index
 * @param {'upper' | 'lower'} region
 */
function nextProcess(index, region) {
  const pair = Math.floor(index / 5);
  const inPair = index % 5;
  const odd = inPair >= 3;
  const column = odd ? inPair - 3.5 : aboutMiddle(inPair);
  // Outer ones lie farther out, so that the labels of lines, in their middles, are not at one height.
  const distance = (pair * 2 + (odd ? 1 : 0)) * (ROW + STAGGER) + (column === 0 || odd ? 0 : STAGGER);
  return {x: column * PROCESS_COLUMN, y: region === 'upper' ? -distance : 1.6 * ROW + distance};
}

/**
 * 0, 1, -1, 2, -2, ...: a place about a middle that does not depend on how many follow.
 *
 * @param {number} index
 */
function aboutMiddle(index) {
  return index % 2 ? (index + 1) / 2 : -index / 2;
}
