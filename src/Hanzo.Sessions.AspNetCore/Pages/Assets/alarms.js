// The strip of users who are signed in from many addresses at the same time.
import { get } from './api.js';
import { config } from './config.js';
import { el, fill, fillText, replace, userText } from './dom.js';
import { icon } from './icons.js';
import { strings } from './strings.js';

const text = strings.alarms;
const listed = 5;
const pageSize = 500;
const most = 2_000;

/** Loads the users, up to `most`, and whether there are more. */
export async function fetchAlarms(options) {
  const items = [];
  let page;
  do {
    page = await get('/admin/sessions/alarms', { limit: pageSize, offset: items.length }, options);
    items.push(...page.items);
  } while (page.items.length === pageSize && items.length <= most);
  return { items: items.slice(0, most), hasMore: items.length > most };
}

export function createAlarms(onUser) {
  const element = el('section', { class: 'alarms', hidden: true });
  let alarms = { items: [], hasMore: false };
  let all = false;

  function paint(state) {
    const focused = element.contains(document.activeElement) ? document.activeElement.textContent : null;
    const items = alarms?.items ?? [];
    element.hidden = alarms !== null && items.length === 0;
    const chips = (all ? items : items.slice(0, listed)).map((alarm) => chip(alarm, state, onUser));
    const rest = items.length - chips.length;
    const only = items.find((alarm) => isOnly(alarm, state));
    replace(element,
      icon('alarm'),
      el('div', {},
        el('h2', {}, headingOf(alarms)),
        items.length > 0 ? el('ul', { class: 'alarm-users', role: 'list' }, chips, rest > 0 ? moreItem(rest, state) : null) : null,
        only ? el('p', { class: 'networks' }, fill(text.networks, { user: userText(only.user), networks: only.networks.join(', ') })) : null));
    [...element.querySelectorAll('button')].find((button) => button.textContent === focused)?.focus();
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

    /** Whether the strip would keep its height. */
    isSame: (found) => outline(found) === outline(alarms),
  };
}

function headingOf(alarms) {
  if (alarms === null) {
    return text.failed;
  }
  return fill(alarms.hasMore ? text.headingMore : text.heading, { count: alarms.items.length });
}

function outline(alarms) {
  return JSON.stringify(alarms && [alarms.hasMore, alarms.items.map(nameOf)]);
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
