// The list of ended sessions: when, why and by whom.
import { actorText } from './actors.js';
import { config } from './config.js';
import { el, userText } from './dom.js';
import { common, createList, userCell } from './lists.js';
import { lastUse, signInAddress } from './places.js';
import { strings } from './strings.js';
import { cell } from './table.js';
import { createTag } from './tags.js';
import { time } from './time.js';

const text = strings.history;

const columns = {
  user: common.user,
  organization: common.organization,
  application: common.application,
  device: common.device,
  ip: common.ip,
  ended: { label: text.ended, className: 'col-ended', sort: 'endedAt', descending: true },
  reason: { label: text.reason, className: 'col-reason' },
  by: { label: text.by, className: 'col-by' },
};

export function createHistory(onSort) {
  return createList({ caption: text.caption, columns, usual: { sort: 'endedAt', order: 'desc' }, keyOf: (session) => session.id, createRow }, onSort);
}

function createRow(session) {
  const element = el('tr', { role: 'row' },
    userCell(session).element,
    config.allOrganizations ? cell(columns.organization, userText(session.organization)) : null,
    cell(columns.application, userText(session.application)),
    cell(columns.device, el('div', {}, createTag(session, { label: text.details }).element, lastUse(session))),
    cell(columns.ip, el('span', {}, signInAddress(session))),
    cell(columns.ended, time(session.endedAt)),
    cell(columns.reason, strings.reasons[session.reason] ?? session.reason),
    cell(columns.by, actorText(session)));
  return { element, item: session, setAlarm: () => {}, isStanding: () => true, isSame: () => true, update: () => {} };
}
