// The frame of both pages.
import { config } from './config.js';
import { el } from './dom.js';
import { icon } from './icons.js';
import { identityNotice, signedInAs } from './identity.js';
import { strings } from './strings.js';

// A page that the browser has kept (Back) is not shown as it was left: its session may have ended since.
addEventListener('pagehide', () => document.body.classList.add('left'));
addEventListener('pageshow', (event) => {
  if (event.persisted) {
    location.reload();
  }
});

/** Builds the page around its content and answers the main element. */
export function layout(heading, intro, current) {
  document.title = `${heading} · ${config.title}`;
  const main = el('main', { id: 'main', tabindex: '-1' },
    identityNotice(),
    el('div', { class: 'page-head' }, el('h1', {}, heading), intro ? el('p', { class: 'intro' }, intro) : null));
  document.body.prepend(
    el('a', { class: 'skip', href: '#main' }, strings.skipToContent),
    el('header', { class: 'site' }, el('div', { class: 'site-bar' },
      el('span', { class: 'brand' }, icon('brand'), el('span', {}, config.title)),
      el('nav', { 'aria-label': strings.pages }, links(current)),
      signedInAs(),
      config.backLink ? el('a', { class: 'back', href: config.backLink }, icon('back'), config.backLinkText) : null)),
    main);
  return main;
}

function links(current) {
  return [['admin', config.adminPage, strings.allSessions], ['account', config.accountPage, strings.mySessions]]
    .filter(([, href]) => href)
    .map(([name, href, text]) => el('a', { href, 'aria-current': name === current ? 'page' : null }, text));
}

/** Replaces a list that is empty or failed to load. */
export function notice({ iconName, heading, text, button = null, alert = false }) {
  return el('div', { class: 'notice', role: alert ? 'alert' : null },
    icon(iconName), el('h2', {}, heading), el('p', {}, text), button);
}

/** An error that can be tried again. */
export function errorNotice(error, retry) {
  return notice({
    iconName: 'cloud',
    heading: strings.errors.heading,
    text: error.message,
    alert: true,
    button: el('button', { type: 'button', class: 'button', onclick: retry }, strings.common.retry),
  });
}
