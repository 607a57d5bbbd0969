// The list of sessions: a row for each.
import { config } from './config.js';
import { el, fillText, replace, setAttribute, userText } from './dom.js';
import { endOne } from './endings.js';
import { briefId } from './ids.js';
import { action, common, createList, endIn, userCell } from './lists.js';
import { isSamePlace, lastUse, renewed, signInAddress } from './places.js';
import { strings } from './strings.js';
import { cell } from './table.js';
import { createTag, currentNote, endedNote } from './tags.js';
import { setTime, time } from './time.js';

const text = strings.admin;

const columns = {
  user: common.user,
  organization: common.organization,
  application: common.application,
  ip: common.ip,
  device: common.device,
  created: common.created,
  lastActive: common.lastActive,
  expires: { label: strings.details.expires, className: 'col-expires', sort: 'expiresAt', descending: true },
  id: { label: strings.details.id, className: 'col-id' },
  actions: { label: text.terminate, className: 'col-actions', hideLabel: true },
};

export function createSessions(onSort) {
  return createList({
    caption: text.sessionsCaption, className: 'by-session', columns, usual: { sort: 'createdAt', order: 'desc' }, keyOf: (session) => session.id, createRow,
  }, onSort);
}

function createRow(session) {
  const head = userCell(session);
  const created = time(session.createdAt);
  const lastActive = time(session.lastActiveAt);
  const terminate = action('close', () => end());
  const tag = createTag(session, { onEnd: () => end() });
  let note = lastUse(session);
  const actions = el('div', { class: 'actions' }, session.isCurrent ? currentNote() : terminate);
  replace(terminate.lastChild, text.terminate);
  setAttribute(terminate, 'title', text.terminate);
  setAttribute(terminate, 'aria-label', fillText(text.terminateLabel, session));
  const element = el('tr', { role: 'row', class: session.isCurrent ? 'current' : null },
    head.element,
    config.allOrganizations ? cell(columns.organization, userText(session.organization)) : null,
    cell(columns.application, userText(session.application)),
    cell(columns.ip, el('span', {}, signInAddress(session))),
    cell(columns.device, el('div', {}, tag.element, note)),
    cell(columns.created, created),
    cell(columns.lastActive, lastActive),
    cell(columns.expires, time(session.expiresAt)),
    cell(columns.id, briefId(session.id)),
    cell(columns.actions, actions));

  async function end() {
    if (await endOne(session)) {
      endIn(element, () => {
        tag.end();
        element.classList.add('emptied');
        setAttribute(terminate, 'inert', true);
        actions.append(endedNote());
      }, () => head.element);
    }
  }

  return {
    element,
    item: session,
    setAlarm: head.setAlarm,
    isStanding: () => !tag.isEnded,
    isSame: (other) => isSamePlace(session, other),
    update(other) {
      setTime(created, other.createdAt);
      setTime(lastActive, other.lastActiveAt);
      Object.assign(session, other);
      note = renewed(note, session);
    },
  };
}
