// What the three lists of the admin page share: their rows stay where they are while their content changes.
import { config } from './config.js';
import { el, fill, fillText, replace, userText } from './dom.js';
import { icon } from './icons.js';
import { strings } from './strings.js';
import { createTable, headCell } from './table.js';

const text = strings.admin;

/** The columns that several lists have. */
export const common = {
  user: { label: text.user, className: 'col-user', sort: 'user' },
  organization: { label: text.organization, className: 'col-organization' },
  application: { label: text.application, className: 'col-application', sort: 'application' },
  device: { label: text.device, className: 'col-device' },
  ip: { label: strings.details.ip, className: 'col-ip', sort: 'ipAddress' },
  created: { label: text.created, className: 'col-created', sort: 'createdAt', descending: true },
  lastActive: { label: text.lastActive, className: 'col-active', sort: 'lastActiveAt', descending: true },
};

export function userKey({ organization, user }) {
  return JSON.stringify([organization, user]);
}

/**
 * A list of rows { element, item, isStanding(), isSame(item), update(item), setAlarm(networks) }. A row stands until
 * what it shows was ended on it.
 */
export function createList({ caption, className = '', columns, usual, keyOf, createRow }, onSort) {
  const shown = Object.values(columns).filter((column) => column !== common.organization || config.allOrganizations);
  const table = createTable({ caption, className, columns: shown, usual, onSort });
  const sorts = shown.map((column) => column.sort).filter(Boolean);
  let rows = [];
  const standing = () => rows.filter((row) => row.isStanding());
  const setAlarm = (row, alarms) => row.setAlarm(alarms.get(userKey(row.item)));

  return {
    element: table.element,
    setSort: table.setSort,
    skeleton: table.skeleton,
    keyOf,
    isSortable: (sort) => sorts.includes(sort),
    rows: () => rows,
    show(items, alarms) {
      rows = items.map(createRow);
      rows.forEach((row) => setAlarm(row, alarms));
      replace(table.body, rows.map((row) => row.element));
    },

    /** How many rows are not ended. */
    standing: () => standing().length,

    /** Whether these are the rows shown here, apart from those ended here. */
    isSame(items) {
      const left = standing();
      return left.length === items.length && left.every((row, index) => keyOf(row.item) === keyOf(items[index]) && row.isSame(items[index]));
    },

    /** Updates the rows in place. */
    update(items, alarms) {
      const news = new Map(items.map((item) => [keyOf(item), item]));
      for (const row of rows) {
        const item = news.get(keyOf(row.item));
        if (item) {
          row.update(item);
          setAlarm(row, alarms);
        }
      }
    },
  };
}

/** The cell that names the row by its user, with a badge for a user who is signed in from many addresses. */
export function userCell({ user }) {
  const alarm = el('span', { class: 'alarm-place' });
  return {
    element: headCell(common.user, el('span', { class: 'user-name' }, userText(user)), alarm),
    setAlarm(networks) {
      replace(alarm, networks ? badge(networks) : null);
    },
  };
}

function badge(networks) {
  const count = networks.length;
  return el('span', { class: 'alarm-badge', title: fillText(text.spreadLabel, { count }) }, icon('alarm'), fill(text.spread, { count }));
}

export function action(iconName, onClick) {
  return el('button', { type: 'button', class: 'row-action', onclick: onClick }, icon(iconName), el('span'));
}

/** Changes what a row shows after an end: it keeps its height, and the focus if it had it, on `next()` if need be. */
export function endIn(element, change, next) {
  const hadFocus = element.contains(document.activeElement);
  keepHeight(element);
  change();
  if (hadFocus && !holdsFocus(element)) {
    next().focus();
  }
}

/** Whether an element of the row has the focus: not one that was removed or disabled. */
function holdsFocus(element) {
  const focused = document.activeElement;
  return element.contains(focused) && focused.closest('[inert]') === null;
}

const kept = new Set();
let width = innerWidth;

/** Keeps a row at least as high as it is, so that nothing moves under the pointer when it has less to show. */
function keepHeight(element) {
  element.style.setProperty('--kept-height', `${element.getBoundingClientRect().height}px`);
  kept.add(element);
}

/** A height of another layout is not worth keeping: after turning a phone, or zooming. */
addEventListener('resize', () => {
  if (innerWidth !== width) {
    width = innerWidth;
    kept.forEach((element) => element.style.removeProperty('--kept-height'));
    kept.clear();
  }
});
