// The strip of users who are signed in from many addresses at the same time.
import { get } from './api.js';
import { config } from './config.js';
import { el, fill, fillText, replace, userText } from './dom.js';
import { icon } from './icons.js';
import { strings } from './strings.js';
import { ageOf, time } from './time.js';

const text = strings.alarms;
const listed = 5;
const pageSize = 500;
const most = 2_000;
const fresh = 60_000;
const stale = 300_000;

/** Loads the users, up to `most`, whether there are more, and when they were counted. */
export async function fetchAlarms(options) {
  const items = [];
  let page;
  do {
    page = await get('/admin/sessions/alarms', { limit: pageSize, offset: items.length }, options);
    items.push(...page.items);
  } while (page.items.length === pageSize && items.length <= most);
  return { items: items.slice(0, most), hasMore: items.length > most, countedAt: page.countedAt };
}

/** Whether the server does not know them yet: it is to be asked again soon. */
export function isBeingCounted(alarms) {
  return alarms.countedAt === null;
}

export function createAlarms(onUser) {
  const element = el('section', { class: 'alarms', hidden: true });
  const head = el('div', { class: 'alarm-head' });
  let alarms = { items: [], hasMore: false };
  let all = false;

  function paint(state) {
    const focused = element.contains(document.activeElement) ? document.activeElement.textContent : null;
    const items = alarms?.items ?? [];
    element.hidden = isQuiet(alarms);
    paintHead();
    const chips = (all ? items : items.slice(0, listed)).map((alarm) => chip(alarm, state, onUser));
    const rest = items.length - chips.length;
    const only = items.find((alarm) => isOnly(alarm, state));
    replace(element,
      icon('alarm'),
      el('div', {},
        head,
        items.length > 0 ? el('ul', { class: 'alarm-users', role: 'list' }, chips, rest > 0 ? moreItem(rest, state) : null) : null,
        only ? el('p', { class: 'networks' }, fill(text.networks, { user: userText(only.user), networks: only.networks.join(', ') })) : null));
    [...element.querySelectorAll('button')].find((button) => button.textContent === focused)?.focus();
  }

  function paintHead() {
    replace(head, el('h2', {}, headingOf(alarms)), alarms?.countedAt && ageOf(alarms.countedAt) >= fresh
      ? el('p', { class: 'counted' }, fill(text.counted, { when: time(alarms.countedAt) }))
      : null);
  }

  function moreItem(rest, state) {
    const showAll = () => {
      all = true;
      paint(state);
      element.querySelectorAll('button')[listed]?.focus();
    };
    return el('li', {}, el('button', { type: 'button', class: 'alarm-chip', onclick: showAll }, fill(text.more, { count: rest })));
  }

  return {
    element,

    /** `found` is null if the alarms could not be loaded. */
    show(found, state) {
      alarms = found;
      paint(state);
    },

    /** Takes what keeps the height of the strip. One that is there stays, and says that there are no alarms. */
    update(found) {
      alarms = found;
      paintHead();
    },

    /** Whether the strip would keep its height. */
    isSame: (found) => outline(found, element.hidden) === outline(alarms, element.hidden),
  };
}

function headingOf(alarms) {
  if (alarms === null) {
    return text.failed;
  }
  if (isBeingCounted(alarms)) {
    return text.counting;
  }
  if (alarms.items.length === 0) {
    return text.none;
  }
  return fill(alarms.hasMore ? text.headingMore : text.heading, { count: alarms.items.length });
}

/** No alarms, as far as is known: there is nothing to show. */
function isQuiet(alarms) {
  return alarms !== null && !isBeingCounted(alarms) && alarms.items.length === 0 && !(ageOf(alarms.countedAt) >= stale);
}

function outline(alarms, isHidden) {
  return JSON.stringify([isHidden && isQuiet(alarms), alarms?.hasMore ?? false, alarms?.items.map(nameOf) ?? []]);
}

function chip(alarm, state, onUser) {
  const pressed = isOnly(alarm, state);
  return el('li', {}, el('button', {
    type: 'button',
    class: 'alarm-chip',
    'aria-pressed': pressed ? 'true' : 'false',
    title: fillText(text.show, { user: nameOf(alarm) }),
    onclick: () => onUser(pressed ? { user: '', organization: '' } : { user: alarm.user, organization: alarm.organization }),
  }, fill(text.user, { user: userText(nameOf(alarm)), count: alarm.networks.length })));
}

function isOnly(alarm, state) {
  return alarm.user === state.user && alarm.organization === state.organization;
}

function nameOf(alarm) {
  return config.allOrganizations ? `${alarm.organization}/${alarm.user}` : alarm.user;
}
