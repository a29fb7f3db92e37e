/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {byId, h, replace} from './dom.js';
import {startKeys} from './keys.js';
import {live} from './live.js';
import {openMesh} from './mesh.js';
import {openPods} from './pod.js';
import {go, link, onRoute, route, WINDOWS} from './route.js';
import {startTheme, switchTheme} from './theme.js';

/**
 * Where a view draws, and what it tells how fresh its figures are. All of it is empty when a view opens.
 *
 * @typedef {object} Areas
 * @property {HTMLElement} list at the left
 * @property {HTMLElement} stage in the middle
 * @property {HTMLElement} panel at the right, hidden until the view shows it
 * @property {typeof live} live
 */

/**
 * One view that is shown. It follows the route by itself.
 *
 * @typedef {object} View
 * @property {() => void} close ends its polls and listeners; the areas are emptied for it
 * @property {() => void} escape what the Escape key does: closes what was opened last
 * @property {(step: 1 | -1) => void} [move] j and k, the arrow keys in the list: the next or previous entry of the list
 */

/** @type {Record<string, (areas: Areas) => View>} */
const VIEWS = {mesh: openMesh, pods: openPods};

const areas = {list: byId('list'), stage: byId('stage'), panel: byId('panel'), live};

/** @type {View} */
let view;

function openView() {
  view?.close();
  for (const area of [areas.list, areas.stage, areas.panel]) {
    replace(area);
  }
  areas.panel.hidden = true;
  byId('main').dataset.view = route().view;
  live.waiting();
  view = VIEWS[route().view](areas);
}

function showControls() {
  const now = route();
  for (const name of Object.keys(VIEWS)) {
    const tab = byId(`view-${name}`);
    tab.setAttribute('href', link({view: /** @type {any} */ (name), edge: '', call: '', pod: '', profile: '', line: ''}));
    if (name === now.view) {
      tab.setAttribute('aria-current', 'page');
    } else {
      tab.removeAttribute('aria-current');
    }
  }
  setValue('window', now.window);
  setValue('namespace', now.namespace);
  setValue('search', now.search);
}

/**
 * @param {string} id
 * @param {string} value
 */
function setValue(id, value) {
  const control = /** @type {HTMLInputElement} */ (byId(id));
  if (document.activeElement !== control || control.tagName === 'SELECT') {
    control.value = value;
  }
}

/** @param {string} id */
function valueOf(id) {
  return /** @type {HTMLInputElement} */ (byId(id)).value;
}

replace(byId('window'), WINDOWS.map((window) => h('option', {value: window}, `last ${window}`)));
byId('window').addEventListener('change', () => go({window: valueOf('window')}));
byId('namespace').addEventListener('change', () => go({namespace: valueOf('namespace')}));
byId('search').addEventListener('input', () => go({search: valueOf('search')}, {replace: true}));
byId('theme').addEventListener('click', switchTheme);
byId('pause').addEventListener('click', () => live.switchPause());
// The hash is the route; a link to a place in the document would be taken for one.
byId('skip').addEventListener('click', (event) => {
  event.preventDefault();
  areas.list.focus();
});

startTheme();
startKeys(() => view);
onRoute((now, before) => {
  showControls();
  if (now.view !== before.view) {
    openView();
  }
});
showControls();
openView();
