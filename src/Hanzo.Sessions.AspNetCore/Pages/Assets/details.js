// A dialog with all details of one session.
import { config } from './config.js';
import { closeButton, openDialog } from './dialogs.js';
import { el, fill, replace, userText } from './dom.js';
import { deviceIcon, icon } from './icons.js';
import { actorText } from './actors.js';
import { strings } from './strings.js';
import { exactText, time } from './time.js';

const text = strings.details;

/** Shows a session, with a button for `onEnd` unless it is the current or an ended one. */
export function showDetails(session, onEnd = null) {
  const canEnd = onEnd !== null && !session.isCurrent && !session.endedAt;
  openDialog({
    className: 'details',
    heading: [deviceIcon(session.device), session.device],
    body: [
      session.isCurrent ? el('p', { class: 'current-note' }, text.current) : null,
      el('dl', {}, rows(session)),
    ],
    buttons: [canEnd ? endButton(onEnd) : null, closeButton(strings.common.close, { autofocus: true })],
  });
}

function endButton(onEnd) {
  return el('button', {
    type: 'button',
    class: 'button danger-quiet',
    onclick: (event) => {
      event.currentTarget.closest('dialog').close();
      onEnd();
    },
  }, text.end);
}

function rows(session) {
  return [
    row(text.user, userText(session.user)),
    config.allOrganizations ? row(text.organization, userText(session.organization)) : null,
    row(text.application, userText(session.application)),
    row(text.ip, session.ipAddress === null ? unknown() : userText(session.ipAddress)),
    row(text.userAgent, session.userAgent === null ? unknown() : userText(session.userAgent)),
    row(text.created, moment(session.createdAt)),
    row(text.lastActive, moment(session.lastActiveAt)),
    ...(session.endedAt ? ended(session) : [row(text.idleEnd, moment(session.activeUntil)), row(text.expires, moment(session.expiresAt))]),
    row(text.id, identifier(session.id)),
  ];
}

function ended(session) {
  return [
    row(text.ended, moment(session.endedAt)),
    row(text.reason, strings.reasons[session.reason] ?? session.reason),
    row(text.by, actorText(session)),
  ];
}

function row(name, value) {
  return el('div', { class: 'detail' }, el('dt', {}, name), el('dd', {}, value));
}

function moment(iso) {
  return [exactText(iso), el('span', { class: 'quiet' }, ' (', time(iso), ')')];
}

function unknown() {
  return el('span', { class: 'quiet' }, strings.common.unknown);
}

function identifier(id) {
  const code = el('code', { class: 'session-id' }, id);
  const said = el('span', { class: 'copied', role: 'status' });
  const button = el('button', { type: 'button', class: 'button small', 'aria-label': text.copyLabel, onclick: () => copy(code, said) }, icon('copy'), text.copy);
  return el('span', { class: 'copy-line' }, code, button, said);
}

/** Without a clipboard (plain HTTP) it selects the id, for the keyboard to copy. */
async function copy(code, said) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    replace(said, fill(text.copied));
  } catch {
    getSelection().selectAllChildren(code);
    replace(said, fill(text.select));
  }
}
