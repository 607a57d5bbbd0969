// The list of ended sessions: when, why and by whom.
import { actorText } from './actors.js';
import { config } from './config.js';
import { showDetails } from './details.js';
import { el, fillText, replace, userText } from './dom.js';
import { deviceIcon } from './icons.js';
import { strings } from './strings.js';
import { cell, createTable, headCell } from './table.js';
import { time } from './time.js';

const text = strings.history;

const columns = {
  user: { label: strings.admin.user, className: 'col-user', sort: 'user' },
  organization: { label: strings.admin.organization, className: 'col-organization' },
  application: { label: strings.admin.application, className: 'col-application', sort: 'application' },
  device: { label: text.device, className: 'col-device' },
  ip: { label: strings.details.ip, className: 'col-ip', sort: 'ipAddress' },
  ended: { label: text.ended, className: 'col-ended', sort: 'endedAt', descending: true },
  reason: { label: text.reason, className: 'col-reason' },
  by: { label: text.by, className: 'col-by' },
};

const shown = Object.entries(columns).filter(([name]) => name !== 'organization' || config.allOrganizations).map(([, column]) => column);

export function createHistory(onSort) {
  const table = createTable({ caption: text.caption, columns: shown, usual: { sort: 'endedAt', order: 'desc' }, onSort });
  let ids = [];
  return {
    element: table.element,
    setSort: table.setSort,
    skeleton: table.skeleton,
    show(items) {
      ids = items.map((session) => session.id);
      replace(table.body, items.map(createRow));
    },
    keyOf: (session) => session.id,
    standing: () => ids.length,
    isSame: (items) => items.length === ids.length && items.every((session, index) => session.id === ids[index]),
    update: () => {},
  };
}

function createRow(session) {
  return el('tr', { role: 'row' },
    headCell(columns.user, el('span', { class: 'user-name' }, userText(session.user))),
    config.allOrganizations ? cell(columns.organization, userText(session.organization)) : null,
    cell(columns.application, userText(session.application)),
    cell(columns.device, device(session)),
    cell(columns.ip, session.ipAddress === null ? strings.common.unknown : userText(session.ipAddress)),
    cell(columns.ended, time(session.endedAt)),
    cell(columns.reason, strings.reasons[session.reason] ?? session.reason),
    cell(columns.by, actorText(session)));
}

function device(session) {
  return el('span', { class: 'tag' }, el('button', {
    type: 'button',
    class: 'tag-open',
    'aria-label': fillText(text.details, { device: session.device, user: session.user }),
    onclick: () => showDetails(session),
  }, deviceIcon(session.device), el('span', {}, session.device)));
}
