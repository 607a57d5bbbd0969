// 'My sessions': the devices of the signed-in user.
import { get, remove, removeIfThere } from './api.js';
import { ask } from './dialogs.js';
import { el, fill, fillText, replace, setAttribute, userText } from './dom.js';
import { deviceIcon } from './icons.js';
import { errorNotice, layout } from './layout.js';
import { startRefreshing } from './refresher.js';
import { strings } from './strings.js';
import { setTime, time } from './time.js';
import { toast } from './toast.js';

const text = strings.account;
const most = 500;
const mostPips = 20;

let cards = [];

const quota = el('div', { class: 'quota' });
const others = el('button', { type: 'button', class: 'button danger-quiet unseen', onclick: endOthers });
const newData = el('button', { type: 'button', class: 'button new-data unseen', onclick: () => load() }, strings.refresh.newData);
const place = el('div', { class: 'list-place' });

layout(text.heading, text.intro, 'account').append(
  el('div', { class: 'account-bar' }, quota, el('div', { class: 'freshness', role: 'status' }, newData), others), place);
const putOff = startRefreshing(refresh);
replace(place, el('ul', { class: 'cards', 'aria-hidden': 'true' }, [1, 2].map(() => el('li', { class: 'card skeleton' }, el('span', { class: 'bone' }), el('span', { class: 'bone' })))));
load();

function look(options) {
  return get('/account/sessions', { limit: most, sort: 'lastActiveAt' }, options);
}

async function load() {
  putOff();
  newData.classList.add('unseen');
  setAttribute(place, 'aria-busy', 'true');
  try {
    show(await look());
  } catch (error) {
    replace(place, errorNotice(error, () => load()));
  }
  setAttribute(place, 'aria-busy', null);
}

function show(list) {
  cards = list.items.map(createCard);
  const mine = cards.filter((card) => card.session.isCurrent);
  const rest = cards.filter((card) => !card.session.isCurrent);
  replace(place,
    group(text.thisDevice, mine),
    rest.length > 0 ? group(text.others, rest) : el('p', { class: 'quiet alone' }, text.none));
  showQuota(list.quota);
  countOthers();
}

function group(heading, members) {
  return el('section', { class: 'card-group' }, el('h2', {}, heading), el('ul', { class: 'cards', role: 'list' }, members.map((card) => card.element)));
}

function showQuota({ used, max }) {
  replace(quota,
    el('p', {}, max === null ? fill(text.used, { count: used }) : fill(text.usedOf, { count: used, max })),
    max !== null && max <= mostPips
      ? el('span', { class: 'pips', 'aria-hidden': 'true' }, Array.from({ length: max }, (_, index) => el('span', { class: index < used ? 'pip used' : 'pip' })))
      : null);
}

function active() {
  return cards.filter((card) => !card.isEnded && !card.session.isCurrent);
}

function countOthers() {
  const count = active().length;
  replace(others, fill(text.signOutOthers, { count }));
  others.classList.toggle('unseen', count === 0);
}

function createCard(session) {
  const started = time(session.createdAt);
  const lastActive = time(session.lastActiveAt);
  const expires = time(session.expiresAt);
  const end = el('button', { type: 'button', class: 'button', 'aria-label': fillText(text.endLabel, { device: session.device }), onclick: () => endOne(card) }, text.end);
  const footer = el('div', { class: 'card-end' }, session.isCurrent ? el('span', { class: 'badge' }, text.thisDevice) : end);
  const card = {
    session,
    isEnded: false,
    element: el('li', { class: session.isCurrent ? 'card current' : 'card', tabindex: '-1' },
      el('span', { class: 'card-icon' }, deviceIcon(session.device)),
      el('div', { class: 'card-main' },
        el('h3', {}, session.device),
        el('dl', {},
          fact(text.lastActive, lastActive),
          fact(text.started, started),
          fact(text.ip, session.ipAddress === null ? strings.common.unknown : userText(session.ipAddress)),
          fact(text.application, userText(session.application)),
          fact(text.expires, expires))),
      footer),
    update(news) {
      setTime(lastActive, news.lastActiveAt);
    },
    markEnded() {
      card.isEnded = true;
      card.element.classList.add('ended');
      replace(footer, el('span', { class: 'badge' }, text.ended));
    },
  };
  return card;
}

function fact(name, value) {
  return el('div', {}, el('dt', {}, name), el('dd', {}, value));
}

async function endOne(card) {
  const { session } = card;
  const answer = await ask({
    heading: text.oneHeading,
    body: [
      el('p', {}, fill(text.oneText, { device: session.device })),
      el('p', { class: 'quiet' }, fill(strings.end.oneFrom, { device: session.device, ip: userText(session.ipAddress ?? strings.common.unknown), when: time(session.lastActiveAt) })),
      el('p', { class: 'no-undo' }, strings.end.noUndo),
    ],
    confirm: strings.end.oneConfirm,
    run: () => removeIfThere(`/account/sessions/${encodeURIComponent(session.id)}`),
  });
  if (answer) {
    card.markEnded();
    countOthers();
    card.element.focus();
    toast(answer.value ? fill(text.doneOne, { device: session.device }) : strings.end.alreadyEnded);
    await requota();
  }
}

async function endOthers() {
  const count = active().length;
  const answer = await ask({
    heading: text.othersHeading,
    body: [el('p', {}, fill(text.othersText, { count })), el('p', { class: 'no-undo' }, strings.end.noUndo)],
    confirm: fill(strings.end.severalConfirm, { count }),
    run: () => remove('/account/sessions'),
  });
  if (answer) {
    active().forEach((card) => card.markEnded());
    countOthers();
    cards.find((card) => card.session.isCurrent)?.element.focus();
    toast(fill(answer.value.ended === 0 ? text.doneNone : text.done, { count: answer.value.ended }));
    await requota();
  }
}

async function requota() {
  const list = await look({ passive: true }).catch(() => null);
  if (list) {
    showQuota(list.quota);
  }
}

/** Updates the cards in place; a changed set of cards waits for the button, unless an error is shown instead of them. */
async function refresh() {
  const list = await look({ passive: true }).catch(() => null);
  if (list === null) {
    return;
  }
  if (!cards.some((card) => card.element.isConnected)) {
    show(list);
    return;
  }
  const standing = new Map(cards.filter((card) => !card.isEnded).map((card) => [card.session.id, card]));
  if (standing.size !== list.items.length || list.items.some((session) => !standing.has(session.id))) {
    newData.classList.remove('unseen');
    return;
  }
  list.items.forEach((session) => standing.get(session.id).update(session));
  showQuota(list.quota);
}
