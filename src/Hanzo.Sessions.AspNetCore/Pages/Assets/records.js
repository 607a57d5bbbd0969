// The list of records: a row for each user and application, with the sessions as tags.
import { tellApart } from './apart.js';
import { config } from './config.js';
import { el, fill, fillText, replace, setAttribute, userText } from './dom.js';
import { endOne, endSeveral } from './endings.js';
import { action, common, createList, endIn, userCell, userKey } from './lists.js';
import { isSamePlace } from './places.js';
import { strings } from './strings.js';
import { cell } from './table.js';
import { createTag } from './tags.js';
import { setTime, time } from './time.js';
import { toast } from './toast.js';

const text = strings.admin;
const tagsAtFirst = 6;

const columns = {
  user: common.user,
  organization: common.organization,
  application: common.application,
  sessions: { label: text.sessions, className: 'col-sessions', sort: 'count', descending: true },
  created: common.created,
  lastActive: common.lastActive,
  actions: { label: text.actions, className: 'col-actions', hideLabel: true },
};

/** Identifies a record by one string. */
function keyOf({ organization, user, application }) {
  return JSON.stringify([organization, user, application]);
}

export function createRecords(onSort) {
  const list = createList({
    caption: text.tableCaption, columns, usual: { sort: 'user', order: 'asc' }, keyOf, createRow: (record) => createRow(record, ended),
  }, onSort);

  /** Marks the ended sessions in every row of the user. */
  function ended(whose, kept) {
    for (const row of list.rows()) {
      if (userKey(row.item) === userKey(whose) && (!whose.application || whose.application === row.item.application)) {
        row.markEnded((session) => session.id !== kept);
      }
    }
  }

  return list;
}

function createRow(record, onEnded) {
  const tags = new Map(record.sessions.map((session) => [session.id, createTag(session, { asItem: true, onEnd: () => one(session) })]));
  const created = time(record.createdAt);
  const lastActive = time(record.lastActiveAt);
  const actions = createActions(record, onEnded);
  const head = userCell(record);
  const list = el('ul', { class: 'tags', role: 'list' });
  const sessionsCell = cell(columns.sessions, list);
  const element = el('tr', { role: 'row' },
    head.element,
    config.allOrganizations ? cell(columns.organization, userText(record.organization)) : null,
    cell(columns.application, userText(record.application)),
    sessionsCell,
    cell(columns.created, created),
    cell(columns.lastActive, lastActive),
    cell(columns.actions, actions.element));
  const active = () => record.sessions.filter((session) => !tags.get(session.id).isEnded);

  const row = {
    element,
    item: record,
    setAlarm: head.setAlarm,
    isStanding: () => active().length > 0,
    isSame(other) {
      const mine = active();
      return mine.length === other.sessions.length
        && mine.every((session, index) => session.id === other.sessions[index].id && isSamePlace(session, other.sessions[index]));
    },
    update(other) {
      setTime(created, other.createdAt);
      setTime(lastActive, other.lastActiveAt);
      for (const session of other.sessions) {
        Object.assign(record.sessions.find((it) => it.id === session.id), session);
      }
      paintTags();
    },
    markEnded(isEnded) {
      endIn(element, () => {
        active().filter(isEnded).forEach((session) => tags.get(session.id).end());
        count();
      }, () => (row.isStanding() ? list.querySelector('button') : head.element));
    },
  };

  async function one(session) {
    if (await endOne(session)) {
      row.markEnded((it) => it.id === session.id);
    }
  }

  function count() {
    const left = active().length;
    actions.count(left);
    if (left === 0) {
      element.classList.add('emptied');
      replace(sessionsCell, el('span', { class: 'quiet' }, text.noSessionsLeft));
    }
  }

  function paintTags() {
    const apart = tellApart(record.sessions);
    active().forEach((session) => tags.get(session.id).paint(apart(session)));
  }

  function fillTags(limit) {
    const visibleOnes = record.sessions.slice(0, limit);
    const rest = record.sessions.length - visibleOnes.length;
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

  paintTags();
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
