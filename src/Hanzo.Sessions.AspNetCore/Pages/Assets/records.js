// The list of records: a row for each user and application, with the sessions as tags.
import { config } from './config.js';
import { showDetails } from './details.js';
import { el, fill, fillText, replace, setAttribute, userText } from './dom.js';
import { endOne, endSeveral } from './endings.js';
import { deviceIcon, icon } from './icons.js';
import { strings } from './strings.js';
import { cell, createTable, headCell } from './table.js';
import { setTime, time } from './time.js';
import { toast } from './toast.js';

const text = strings.admin;
const tagsAtFirst = 6;

const columns = {
  user: { label: text.user, className: 'col-user', sort: 'user' },
  organization: { label: text.organization, className: 'col-organization' },
  application: { label: text.application, className: 'col-application', sort: 'application' },
  sessions: { label: text.sessions, className: 'col-sessions', sort: 'count', descending: true },
  created: { label: text.created, className: 'col-created', sort: 'createdAt', descending: true },
  lastActive: { label: text.lastActive, className: 'col-active', sort: 'lastActiveAt', descending: true },
  actions: { label: text.actions, className: 'col-actions', hideLabel: true },
};

const shown = Object.entries(columns).filter(([name]) => name !== 'organization' || config.allOrganizations).map(([, column]) => column);

/** Identifies a record by one string. */
function keyOf({ organization, user, application }) {
  return JSON.stringify([organization, user, application]);
}

export function userKey({ organization, user }) {
  return JSON.stringify([organization, user]);
}

export function createRecords(onSort) {
  const table = createTable({ caption: text.tableCaption, columns: shown, usual: { sort: 'user', order: 'asc' }, onSort });
  let rows = [];

  /** Marks the ended sessions in every row of the user. */
  const ended = (whose, kept) => {
    for (const row of rows) {
      if (userKey(row.record) === userKey(whose) && (!whose.application || whose.application === row.record.application)) {
        row.markEnded((session) => session.id !== kept);
      }
    }
  };

  return {
    element: table.element,
    setSort: table.setSort,
    skeleton: table.skeleton,
    show(items, alarms) {
      rows = items.map((record) => createRow(record, ended));
      rows.forEach((row) => row.setAlarm(alarms.get(userKey(row.record))));
      replace(table.body, rows.map((row) => row.element));
    },

    keyOf,

    /** How many rows have a session left. */
    standing: () => rows.filter((row) => row.active().length > 0).length,

    /** Whether these are the rows shown here, apart from those ended here. */
    isSame(items) {
      const standing = rows.filter((row) => row.active().length > 0);
      return standing.length === items.length && standing.every((row, index) => row.isSame(items[index]));
    },

    /** Updates the rows in place. */
    update(items, alarms) {
      const news = new Map(items.map((record) => [keyOf(record), record]));
      for (const row of rows) {
        const record = news.get(keyOf(row.record));
        if (record) {
          row.update(record);
          row.setAlarm(alarms.get(userKey(record)));
        }
      }
    },
  };
}

function createRow(record, onEnded) {
  const tags = new Map();
  const created = time(record.createdAt);
  const lastActive = time(record.lastActiveAt);
  const alarm = el('span', { class: 'alarm-place' });
  const actions = createActions(record, onEnded);
  const head = headCell(columns.user, el('span', { class: 'user-name' }, userText(record.user)), alarm);
  const list = el('ul', { class: 'tags', role: 'list' });
  const sessionsCell = cell(columns.sessions, list);
  const element = el('tr', { role: 'row' },
    head,
    config.allOrganizations ? cell(columns.organization, userText(record.organization)) : null,
    cell(columns.application, userText(record.application)),
    sessionsCell,
    cell(columns.created, created),
    cell(columns.lastActive, lastActive),
    cell(columns.actions, actions.element));

  const row = {
    element,
    record,
    active: () => record.sessions.filter((session) => !tags.get(session.id)?.isEnded),
    isSame(other) {
      const mine = row.active();
      return keyOf(record) === keyOf(other)
        && mine.length === other.sessions.length && mine.every((session, index) => session.id === other.sessions[index].id);
    },
    update(other) {
      setTime(created, other.createdAt);
      setTime(lastActive, other.lastActiveAt);
      for (const session of other.sessions) {
        Object.assign(record.sessions.find((it) => it.id === session.id), session);
      }
    },
    setAlarm(networks) {
      replace(alarm, networks ? badge(networks) : null);
    },
    markEnded(isEnded) {
      const hadFocus = element.contains(document.activeElement);
      keepHeight(element);
      row.active().filter(isEnded).forEach((session) => tags.get(session.id).end());
      count();
      if (hadFocus && !holdsFocus()) {
        (row.active().length > 0 ? list.querySelector('button') : head).focus();
      }
    },
  };

  async function one(session) {
    if (await endOne(session)) {
      row.markEnded((it) => it.id === session.id);
    }
  }

  function count() {
    const left = row.active().length;
    actions.count(left);
    if (left === 0) {
      element.classList.add('emptied');
      replace(sessionsCell, el('span', { class: 'quiet' }, text.noSessionsLeft));
    }
  }

  /** Whether an element of the row has the focus: not one that was removed or disabled. */
  function holdsFocus() {
    const focused = document.activeElement;
    return element.contains(focused) && focused.closest('[inert]') === null;
  }

  function fillTags(limit) {
    const visibleOnes = record.sessions.slice(0, limit);
    const rest = record.sessions.length - visibleOnes.length;
    record.sessions.forEach((session) => tags.has(session.id) || tags.set(session.id, createTag(session, one)));
    replace(list, visibleOnes.map((session) => tags.get(session.id).element), rest > 0 ? more(rest) : null);
  }

  function more(rest) {
    return el('li', {}, el('button', {
      type: 'button',
      class: 'tag-more',
      'aria-label': fillText(text.moreLabel, { count: rest, user: record.user, application: record.application }),
      onclick: () => {
        fillTags(Infinity);
        list.children[tagsAtFirst].querySelector('button')?.focus();
      },
    }, fill(text.more, { count: rest })));
  }

  fillTags(record.sessions.length > tagsAtFirst + 1 ? tagsAtFirst : Infinity);
  count();
  return row;
}

/** The two buttons of a row: end its sessions, log out the user everywhere. */
function createActions(record, onEnded) {
  const names = { user: record.user, application: record.application };
  const end = action('trash', () => several({ ...record }, end));
  const all = action('power', () => several({ organization: record.organization, user: record.user }, all));
  const element = el('div', { class: 'actions' }, end, all);
  replace(all.lastChild, text.logOut);
  setAttribute(all, 'aria-label', fillText(text.logOutLabel, names));

  async function several(whose, button) {
    if (button.getAttribute('aria-busy')) {
      return;
    }
    setAttribute(button, 'aria-busy', 'true');
    try {
      const result = await endSeveral(whose);
      if (result) {
        onEnded(whose, result.kept);
      }
    } catch (error) {
      toast(error.message);
    } finally {
      setAttribute(button, 'aria-busy', null);
    }
  }

  return {
    element,

    /** Shows how many sessions are left to end. */
    count(left) {
      replace(end.lastChild, fill(text.endRecord, { count: left }));
      setAttribute(end, 'aria-label', fillText(text.endRecordLabel, { count: left, ...names }));
      setAttribute(element, 'inert', left === 0);
    },
  };
}

function createTag(session, onEnd) {
  const names = { user: session.user, application: session.application, device: session.device };
  const open = el('button', {
    type: 'button',
    class: 'tag-open',
    'aria-label': fillText(text.openTag, names),
    onclick: () => showDetails(session, () => onEnd(session)),
  }, deviceIcon(session.device), el('span', {}, session.device));
  const end = session.isCurrent ? null : el('button', {
    type: 'button', class: 'tag-end', 'aria-label': fillText(text.endTag, names), onclick: () => onEnd(session),
  }, icon('close'));
  const element = el('li', { class: session.isCurrent ? 'tag current' : 'tag' },
    open, session.isCurrent ? el('span', { class: 'tag-note' }, text.thisSession) : end);
  const tag = {
    element,
    isEnded: false,
    end() {
      tag.isEnded = true;
      element.className = 'tag ended';
      replace(element, el('span', { class: 'tag-open' }, deviceIcon(session.device), el('s', {}, session.device), el('span', { class: 'tag-note' }, text.ended)));
    },
  };
  return tag;
}

function badge(networks) {
  const count = networks.length;
  return el('span', { class: 'alarm-badge', title: fillText(text.spreadLabel, { count }) }, icon('alarm'), fill(text.spread, { count }));
}

function action(iconName, onClick) {
  return el('button', { type: 'button', class: 'row-action', onclick: onClick }, icon(iconName), el('span'));
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
