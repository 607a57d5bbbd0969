// The strip of users who are signed in from many addresses at once.
import { config } from './config.js';
import { el, fill, fillText, replace, userText } from './dom.js';
import { icon } from './icons.js';
import { strings } from './strings.js';

const text = strings.alarms;
const listed = 5;

export function createAlarms(onUser) {
  const element = el('section', { class: 'alarms', hidden: true });
  let items = [];
  let all = false;

  function paint(state) {
    const focused = element.contains(document.activeElement) ? document.activeElement.textContent : null;
    element.hidden = items.length === 0;
    const chips = (all ? items : items.slice(0, listed)).map((alarm) => chip(alarm, state, onUser));
    const rest = items.length - chips.length;
    const only = items.find((alarm) => isOnly(alarm, state));
    replace(element,
      icon('alarm'),
      el('div', {},
        el('h2', {}, fill(text.heading, { count: items.length })),
        el('ul', { class: 'alarm-users', role: 'list' }, chips, rest > 0 ? moreItem(rest, state) : null),
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
    show(alarms, state) {
      items = alarms;
      paint(state);
    },

    /** Whether the strip would stay as high as it is. */
    isSame: (alarms) => JSON.stringify(alarms.map(nameOf)) === JSON.stringify(items.map(nameOf)),
  };
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
