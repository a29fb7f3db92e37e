/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check

/**
 * What is shown, as the part of the URL behind # says it: a link tells it all, the controller sees none of it, and back and
 * forward work.
 *
 * @typedef {object} Route
 * @property {'mesh' | 'pods'} view
 * @property {string} edge id of the edge that is open, see edges.js
 * @property {string} call request id of the call that is open in it
 * @property {string} workload NAMESPACE/WORKLOAD of the workload that is open
 * @property {string} pod id (NODE/NETNS) or NAMESPACE/NAME of the pod that is open
 * @property {string} profile id of the profile that is open in it
 * @property {string} line id of the line that is open in the profile
 * @property {string} window time window, 60s or 15m
 * @property {string} namespace edges with an end in it; empty is all
 * @property {string} search
 * @property {string} sort of the list of edges, see list.js
 * @property {string} color of the graph's edges: share or p95
 * @property {string} theme light, dark, or empty: as the system has it
 */

/** @type {Route} */
const DEFAULTS = {
  view: 'mesh',
  edge: '',
  call: '',
  workload: '',
  pod: '',
  profile: '',
  line: '',
  window: '60s',
  namespace: '',
  search: '',
  sort: 'own',
  color: 'share',
  theme: '',
};

/** @type {Record<string, string[]>} */
const ALLOWED = {
  view: ['mesh', 'pods'],
  window: ['5s', '15s', '60s', '5m', '15m', '30m', '1h'],
  color: ['share', 'p95'],
  theme: ['', 'light', 'dark'],
};

/** Values of `window` that can be chosen. */
export const WINDOWS = ALLOWED.window;

/** Windows that are longer than single calls are held for. */
const LONG_WINDOWS = ['30m', '1h'];

/** What of the window single calls can be asked for. */
export const CALLS_WINDOW = '15m';

/** @type {Set<(route: Route, before: Route) => void>} */
const listeners = new Set();
let current = parse(location.hash);

/** @returns {Route} what is shown now; not to be written to */
export function route() {
  return current;
}

/** The window for single calls: they are held for less long than figures. */
export function callsWindow() {
  return LONG_WINDOWS.includes(current.window) ? CALLS_WINDOW : current.window;
}

/**
 * The link to what is shown now, but for the changes.
 *
 * @param {Partial<Route>} changes
 * @returns {string} with its #
 */
export function link(changes) {
  const target = {...current, ...changes};
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(target)) {
    if (value !== DEFAULTS[/** @type {keyof Route} */ (name)]) {
      parameters.set(name, value);
    }
  }
  // These stand in a query as they are, and make links legible.
  return `#${parameters.toString().replaceAll('%2F', '/').replaceAll('%7E', '~').replaceAll('%3A', ':')}`;
}

/**
 * Shows something else.
 *
 * @param {Partial<Route>} changes
 * @param {{replace?: boolean}} [options] replace: no step for the browser's back button
 */
export function go(changes, options = {}) {
  const target = link(changes);
  if (target === link({})) {
    return;
  }
  if (options.replace) {
    history.replaceState(null, '', target);
  } else {
    history.pushState(null, '', target);
  }
  follow();
}

/**
 * @param {(route: Route, before: Route) => void} listener called after each change
 * @returns {() => void} ends it
 */
export function onRoute(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function follow() {
  const before = current;
  current = parse(location.hash);
  if (link({}) !== linkOf(before)) {
    listeners.forEach((listener) => listener(current, before));
  }
}

/** @param {Route} other */
function linkOf(other) {
  return link(other);
}

/**
 * @param {string} hash
 * @returns {Route}
 */
function parse(hash) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const parsed = {...DEFAULTS};
  for (const name of /** @type {(keyof Route)[]} */ (Object.keys(DEFAULTS))) {
    const value = parameters.get(name);
    if (value !== null && (!ALLOWED[name] || ALLOWED[name].includes(value))) {
      /** @type {any} */ (parsed)[name] = value;
    }
  }
  return parsed;
}

addEventListener('hashchange', follow);
addEventListener('popstate', follow);
