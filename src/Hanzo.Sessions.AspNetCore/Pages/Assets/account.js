// 'My sessions': the devices of the signed-in user.
import { endOf, get, remove, removeIfThere } from './api.js';
import { config } from './config.js';
import { ask } from './dialogs.js';
import { el, fill, fillText, replace, setAttribute, userText } from './dom.js';
import { deviceIcon } from './icons.js';
import { errorNotice, layout } from './layout.js';
import { isSamePlace, lastUse, renewed, signInAddress } from './places.js';
import { startRefreshing } from './refresher.js';
import { strings } from './strings.js';
import { setTime, time } from './time.js';
import { toast } from './toast.js';

const text = strings.account;
const most = 5_000;
const pageSize = 500;
const shownAtOnce = 100;
const mostPips = 20;

let cards = [];
let total = 0;

const quota = el('div', { class: 'quota' });
const others = el('button', { type: 'button', class: 'button danger-quiet unseen', onclick: endOthers });
const newData = el('button', { type: 'button', class: 'button new-data unseen', onclick: () => load() }, strings.refresh.newData);
const place = el('div', { class: 'list-place' });

layout(text.heading, fill(text.intro, { user: userText(config.user) }), 'account').append(
  el('div', { class: 'account-bar' }, quota, el('div', { class: 'freshness', role: 'status' }, newData), others), place);
const putOff = startRefreshing(refresh);
replace(place, el('ul', { class: 'cards', 'aria-hidden': 'true' }, [1, 2].map(() => el('li', { class: 'card skeleton' }, el('span', { class: 'bone' }), el('span', { class: 'bone' })))));
load();

/** All sessions, up to `most`, the last active one first. They are read in an order that does not change in between. */
async function look(options) {
  const items = [];
  let page = { nextCursor: null };
  do {
    page = await get('/account/sessions', { limit: pageSize, sort: 'createdAt', cursor: page.nextCursor }, options);
    items.push(...page.items);
  } while (page.nextCursor !== null && items.length < most);
  items.sort((left, right) => Date.parse(right.lastActiveAt) - Date.parse(left.lastActiveAt));
  return { ...page, items };
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
  total = list.total;
  const mine = cards.filter((card) => card.session.isCurrent);
  const rest = cards.filter((card) => !card.session.isCurrent);
  replace(place,
    mine.length > 0 ? group(text.thisDevice, mine) : null,
    rest.length > 0 ? group(text.others, rest) : el('p', { class: 'quiet alone' }, text.none),
    list.nextCursor === null ? null : el('p', { class: 'quiet alone' }, fill(text.notAll, { count: list.items.length })));
  showQuota(list.quota);
  countOthers();
}

function group(heading, members) {
  const list = el('ul', { class: 'cards', role: 'list' });
  const more = el('button', { type: 'button', class: 'button more', onclick: () => showMore().focus() });
  const showMore = () => {
    const shown = list.children.length;
    list.append(...members.slice(shown, shown + shownAtOnce).map((card) => card.element));
    const rest = Math.min(members.length - list.children.length, shownAtOnce);
    replace(more, fill(text.more, { count: rest }));
    more.hidden = rest === 0;
    return members[shown].element;
  };
  if (members.length > 0) {
    showMore();
  }
  return el('section', { class: 'card-group' }, el('h2', {}, heading), list, more);
}

function showQuota({ used, max }) {
  replace(quota,
    el('p', {}, max === null ? fill(text.used, { count: used }) : fill(text.usedOf, { count: used, max })),
    max !== null && max <= mostPips
      ? el('span', { class: 'pips', 'aria-hidden': 'true' }, Array.from({ length: max }, (_, index) => el('span', { class: index < used ? 'pip used' : 'pip' })))
      : null);
}

/** How many other sessions there are, besides those ended here. */
function activeOthers() {
  return total - 1 - cards.filter((card) => card.isEnded).length;
}

function countOthers() {
  const count = activeOthers();
  replace(others, fill(text.signOutOthers, { count }));
  others.classList.toggle('unseen', count === 0);
}

function createCard(session) {
  const started = time(session.createdAt);
  const lastActive = time(session.lastActiveAt);
  const expires = time(session.expiresAt);
  let note = lastUse(session);
  const end = el('button', { type: 'button', class: 'button', 'aria-label': fillText(text.endLabel, { device: session.device }), onclick: () => endOne(card) }, text.end);
  const footer = el('div', { class: 'card-end' }, session.isCurrent ? el('span', { class: 'badge' }, text.thisDevice) : end);
  const card = {
    session,
    isEnded: false,
    element: el('li', { class: session.isCurrent ? 'card current' : 'card', tabindex: '-1' },
      el('span', { class: 'card-icon' }, deviceIcon(session.device)),
      el('div', { class: 'card-main' },
        el('h3', {}, session.device),
        note,
        el('dl', {},
          fact(text.lastActive, lastActive),
          fact(text.started, started),
          fact(text.ip, signInAddress(session)),
          fact(text.application, userText(session.application)),
          fact(text.expires, expires))),
      footer),
    update(news) {
      setTime(lastActive, news.lastActiveAt);
      note = renewed(note, news);
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
      el('p', { class: 'quiet' }, fill(strings.end.oneFrom, { device: session.device, ip: signInAddress(session), when: time(session.lastActiveAt) })),
      lastUse(session),
      el('p', { class: 'no-undo' }, strings.end.noUndo),
    ],
    confirm: strings.end.oneConfirm,
    run: () => removeIfThere(pathOf(session)),
  });
  if (answer) {
    card.markEnded();
    countOthers();
    card.element.focus();
    toast(answer.value
      ? fill(strings.end.alreadyEnded, { reason: strings.reasons[answer.value.reason] ?? answer.value.reason })
      : fill(text.doneOne, { device: session.device }));
    await requota();
  }
}

async function endOthers() {
  const count = activeOthers();
  const answer = await ask({
    heading: text.othersHeading,
    body: [el('p', {}, fill(text.othersText, { count })), el('p', { class: 'no-undo' }, strings.end.noUndo)],
    confirm: fill(strings.end.severalConfirm, { count }),
    run: endAllOthers,
  });
  if (answer) {
    cards.filter((card) => !card.isEnded && !card.session.isCurrent).forEach((card) => card.markEnded());
    total = 1 + cards.filter((card) => card.isEnded).length;
    countOthers();
    cards.find((card) => card.session.isCurrent)?.element.focus();
    toast(fill(answer.value.ended === 0 ? text.doneNone : text.done, { count: answer.value.ended }));
    await requota();
  }
}

/** That none was ended says that none was left, if that is so. */
async function endAllOthers() {
  const answer = await remove('/account/sessions');
  const other = cards.find((card) => !card.isEnded && !card.session.isCurrent);
  if (answer.ended === 0 && other) {
    await endOf(pathOf(other.session));
  }
  return answer;
}

function pathOf(session) {
  return `/account/sessions/${encodeURIComponent(session.id)}`;
}

async function requota() {
  const list = await get('/account/sessions', { limit: 1 }, { passive: true }).catch(() => null);
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
  if (standing.size !== list.items.length || !list.items.every((session) => standing.has(session.id) && isSamePlace(session, standing.get(session.id).session))) {
    newData.classList.remove('unseen');
    return;
  }
  list.items.forEach((session) => standing.get(session.id).update(session));
  showQuota(list.quota);
}
