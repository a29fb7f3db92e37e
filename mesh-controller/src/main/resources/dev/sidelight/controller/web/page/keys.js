/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {byId, h, replace} from './dom.js';
import {live} from './live.js';
import {go} from './route.js';
import {switchTheme} from './theme.js';

/** @type {[string[], string][]} */
const SHORTCUTS = [
  [['/'], 'search'],
  [['j'], 'next entry of the list'],
  [['k'], 'previous entry of the list'],
  [['Enter'], 'open it'],
  [['Esc'], 'close what was opened last'],
  [['m'], 'the mesh'],
  [['o'], 'the pods'],
  [['c'], 'colour the graph by the sidecar\'s share, or by p95'],
  [['f'], 'fit the graph into its place'],
  [['l'], 'place the graph anew'],
  [['+', '-'], 'zoom a pod\'s topology'],
  [['p'], 'pause, or go on'],
  [['t'], 'light or dark'],
  [['?'], 'this help'],
];

/**
 * Keys of the whole page. A view has more by the event `sidelight-key` on the document, whose detail is the key.
 *
 * @param {() => import('./main.js').View} view the one that is shown
 */
export function startKeys(view) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('help-dialog'));
  replace(dialog,
    h('h2', {id: 'help-title'}, 'Keyboard'),
    h('table', null, h('tbody', null, SHORTCUTS.map(([keys, what]) =>
      h('tr', null, h('td', null, keys.map((key) => [h('kbd', null, key), ' ']).flat()), h('td', null, what))))),
    h('p', {class: 'end'}, h('button', {type: 'button', onclick: () => dialog.close()}, 'Close')));
  byId('help').addEventListener('click', () => dialog.showModal());
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());

  /** @type {Record<string, () => void>} */
  const actions = {
    '/': () => /** @type {HTMLInputElement} */ (byId('search')).select(),
    '?': () => dialog.showModal(),
    j: () => view().move?.(1),
    k: () => view().move?.(-1),
    m: () => go({view: 'mesh', pod: '', profile: '', line: ''}),
    o: () => go({view: 'pods', edge: '', call: ''}),
    p: () => live.switchPause(),
    t: switchTheme,
  };

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) {
      return;
    }
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = target.matches('input, textarea, select');
    if (event.key === 'Escape') {
      if (typing) {
        target.blur();
      } else if (!document.querySelector('dialog[open]')) {
        view().escape();
      }
      return;
    }
    if (typing || document.querySelector('dialog[open]')) {
      return;
    }
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    } else {
      document.dispatchEvent(new CustomEvent('sidelight-key', {detail: event.key}));
    }
  });
}
