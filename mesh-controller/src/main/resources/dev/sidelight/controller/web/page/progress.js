/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// @ts-check
import {announce, h, replace} from './dom.js';
import {clock, count} from './format.js';
import {isOpen, profilePath, stateInWords} from './profiles.js';
import {link} from './route.js';

/** How far a profile is, and the button that ends it. */
export class Progress {
  /**
   * @param {import('./profiles.js').TokenField} token
   * @param {() => void} onEnded
   */
  constructor(token, onEnded) {
    this.token = token;
    this.onEnded = onEnded;
    this.running = '';
    this.bar = /** @type {HTMLProgressElement} */ (h('progress', {'aria-label': 'Progress of the profile', 'data-testid': 'profile-progress'}));
    this.text = h('span', {'data-testid': 'profile-state'});
    this.button = /** @type {HTMLButtonElement} */ (h('button', {type: 'button', 'data-testid': 'profile-end', onclick: () => this.end()}, 'Stop'));
    this.message = h('p', {class: 'message', role: 'alert'});
    this.root = h('div', {class: 'progress', hidden: true}, h('div', {class: 'row'}, this.bar, this.text, this.button), this.message);
  }

  /**
   * @param {import('./profiles.js').Profile | undefined} profile the one that is shown
   * @param {import('./profiles.js').Profile | undefined} running the one of this pod that runs
   */
  show(profile, running) {
    this.root.hidden = !profile;
    if (!profile) {
      return;
    }
    this.running = running?.id ?? '';
    this.root.dataset.state = profile.state;
    this.bar.max = profile.durationSeconds;
    this.bar.value = profile.durationSeconds - (isOpen(profile) ? (profile.remainingSeconds ?? profile.durationSeconds) : 0);
    this.bar.hidden = !isOpen(profile);
    this.button.hidden = !running;
    replace(this.text, progressInWords(profile));
    if (running && running.id !== profile.id) {
      this.text.append('. ', h('a', {href: link({profile: running.id, line: ''})}, 'Another one runs'));
    }
  }

  async end() {
    this.button.disabled = true;
    replace(this.message);
    try {
      await this.token.send(profilePath(this.running), 'DELETE');
      announce('The profile is stopped.');
      this.onEnded();
    } catch (failure) {
      replace(this.message, /** @type {Error} */ (failure).message);
    } finally {
      this.button.disabled = false;
    }
  }
}

/** @param {import('./profiles.js').Profile} profile */
function progressInWords(profile) {
  const omitted = [
    profile.reportsMissing ? `${count(profile.reportsMissing)} reports missing` : '',
    profile.intervalsOmitted ? `the first ${count(profile.intervalsOmitted)} intervals are in the sums alone` : '',
    profile.connectionsOmitted ? `${count(profile.connectionsOmitted)} connections beyond the bound of a report` : '',
  ];
  return [`Started ${clock(profile.startEpochMillis)}`, stateInWords(profile), !profile.reports ? '' : `${count(profile.reports)} reports`, ...omitted]
    .filter(Boolean)
    .join(', ');
}
