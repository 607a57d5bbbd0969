// A dialog with all details of one session.
import { config } from './config.js';
import { closeButton, openDialog } from './dialogs.js';
import { el, userText } from './dom.js';
import { deviceIcon } from './icons.js';
import { actorText } from './actors.js';
import { fullId } from './ids.js';
import { lastAddress, lastUse, signInAddress } from './places.js';
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
      lastUse(session),
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
    row(text.ip, signInAddress(session)),
    row(text.userAgent, session.userAgent === null ? strings.common.unknown : userText(session.userAgent)),
    session.lastIpAddress ? row(text.lastIp, lastAddress(session)) : null,
    session.lastUserAgent ? row(text.lastUserAgent, userText(session.lastUserAgent)) : null,
    session.movedAt ? row(text.moved, moment(session.movedAt)) : null,
    row(text.created, moment(session.createdAt)),
    row(text.lastActive, moment(session.lastActiveAt)),
    ...(session.endedAt ? ended(session) : [row(text.idleEnd, moment(session.activeUntil)), row(text.expires, moment(session.expiresAt))]),
    row(text.id, fullId(session.id)),
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
