// The admin page: loads and shows the list that the address describes.
import { createAlarms, fetchAlarms, isBeingCounted } from './alarms.js';
import { get } from './api.js';
import { el, fill, replace, setAttribute } from './dom.js';
import { createFilters } from './filters.js';
import { createHistory } from './history.js';
import { icon } from './icons.js';
import { errorNotice, layout, notice } from './layout.js';
import { userKey } from './lists.js';
import { createPager } from './pager.js';
import { createRecords } from './records.js';
import { startRefreshing } from './refresher.js';
import { createSessions } from './sessions.js';
import { strings } from './strings.js';
import { setTime, time } from './time.js';
import { addressOf, beginning, filterNames, readState, writeState } from './url.js';

const text = strings.admin;
const skeletonRows = 8;
const farthest = 10_000;

let state = readState();
let typing = false;
let running = null;
let pending = null;

const views = { records: createRecords(sortBy), sessions: createSessions(sortBy), history: createHistory(sortBy) };
const tabs = { records: tab('records', text.byUser), sessions: tab('sessions', text.bySession), history: tab('history', text.history) };
const alarms = createAlarms((changes) => go({ ...changes, search: '', application: '', ip: '', ...toView(state.view === 'history' ? 'records' : state.view) }));
const filters = createFilters((changes, isTyping) => go({ ...changes, ...beginning }, isTyping));
const pager = createPager((changes) => go(changes, false, true), () => views[state.view].standing());
const place = el('div', { class: 'list-place' });
const updated = el('span', { class: 'updated quiet' });
const newData = el('button', { type: 'button', class: 'button new-data unseen', onclick: showPending }, strings.refresh.newData);
const list = el('section', { class: 'list', 'aria-label': text.heading },
  el('div', { class: 'list-bar' },
    el('nav', { class: 'tabs', 'aria-label': text.views }, Object.values(tabs)),
    el('div', { class: 'freshness', role: 'status' }, newData, updated),
    el('button', { type: 'button', class: 'icon-button', 'aria-label': strings.refresh.label, title: strings.refresh.label, onclick: () => load() }, icon('refresh'))),
  place, pager.element);

layout(text.heading, text.intro, 'admin').append(filters.element, list);
const putOff = startRefreshing(refresh);
addEventListener('popstate', () => {
  state = readState();
  typing = false;
  load();
});
load();

/** To the beginning of a view, in the same order if it has that column. */
function toView(name) {
  return { view: name, ...(views[name].isSortable(state.sort) ? {} : { sort: '', order: '' }), ...beginning };
}

function tab(name, label) {
  return el('a', {
    href: addressOf({ ...state, ...toView(name) }),
    onclick: (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        go(toView(name));
      }
    },
  }, label);
}

function sortBy(sort, order) {
  go({ sort, order, ...beginning });
}

/** Changes the state, the address and the list. A series of key strokes is one entry of the browser's history. */
function go(changes, isTyping = false, toTop = false) {
  const next = { ...state, ...changes };
  if (JSON.stringify(next) === JSON.stringify(state)) {
    return;
  }
  state = next;
  writeState(state, { replace: isTyping && typing });
  typing = isTyping;
  load().then(() => toTop && scrollUp());
}

function scrollUp() {
  if (list.getBoundingClientRect().top < 0) {
    list.scrollIntoView();
  }
}

function query() {
  const { view, sort, order } = state;
  const filter = Object.fromEntries(filterNames.map((name) => [name, state[name]]));
  return { view: view === 'history' ? null : view, ...filter, sort, order };
}

/** Loads the list of the state, and the alarms; null for alarms that could not be loaded. */
async function fetchAll(options) {
  const { view, size: limit, cursor, at } = state;
  const parameters = query();
  const list = (place) => get(view === 'history' ? '/admin/sessions/history' : '/admin/sessions', { ...parameters, ...place }, options);
  const [page, there, spread] = await Promise.all([
    list(cursor ? { limit, cursor } : { limit, offset: at }),
    cursor && at <= farthest ? list({ limit: 1, offset: at, total: 'none' }).catch(() => null) : null,
    fetchAlarms(options).catch(() => null),
  ]);
  if (spread && isBeingCounted(spread)) {
    putOff(0);
  }
  return { page, position: cursor ? positionOf(page, there?.items[0], at, views[view].keyOf) : at, spread };
}

/** How many rows are before a page that a cursor begins: known at the end of the list, or if its first row is the one `there`, behind `at` rows. */
function positionOf({ items, total, totalIsExact, nextCursor }, there, at, keyOf) {
  if (nextCursor === null && totalIsExact) {
    return total - items.length;
  }
  return there && items.length > 0 && keyOf(there) === keyOf(items[0]) ? at : null;
}

async function load() {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  begin();
  try {
    const found = await fetchAll({ signal });
    if (!signal.aborted && !startsOver(found.page)) {
      show(found);
    }
  } catch (error) {
    if (!signal.aborted && !isStale(error)) {
      fail(error);
    }
  }
  if (!signal.aborted) {
    setAttribute(place, 'aria-busy', null);
  }
}

/** Nothing is before this page: it is shown as the first one, which is full. */
function startsOver({ previousCursor }) {
  return previousCursor === null && toBeginning();
}

/** A cursor of another version, or in an address that was edited. */
function isStale({ parameter }) {
  return parameter === 'cursor' && toBeginning();
}

/** Takes the place in the list out of the address and loads the list from its beginning; false if it is there already. */
function toBeginning() {
  if (state.cursor === '') {
    return false;
  }
  state = { ...state, ...beginning };
  writeState(state, { replace: true });
  load();
  return true;
}

function begin() {
  const view = views[state.view];
  putOff();
  dropPending();
  paintTabs();
  filters.set(state);
  view.setSort(state);
  setAttribute(place, 'aria-busy', 'true');
  if (!view.element.isConnected) {
    put(view.skeleton(skeletonRows));
  }
}

function paintTabs() {
  for (const [name, link] of Object.entries(tabs)) {
    setAttribute(link, 'aria-current', name === state.view ? 'page' : null);
    link.href = addressOf({ ...state, ...toView(name) });
  }
}

function show({ page, position, spread }) {
  const view = views[state.view];
  alarms.show(spread, state);
  view.show(page.items, alarmMap(spread));
  filters.learn(page.items);
  put(alarms.element, page.items.length > 0 ? view.element : emptyNotice());
  finish(page, position);
}

/** Keeps what is there already, and with it the focus. */
function put(...children) {
  if (children.length !== place.children.length || children.some((child, index) => child !== place.children[index])) {
    replace(place, children);
  }
}

function finish(page, position) {
  pager.set(state, page, position);
  replace(updated, fill(strings.refresh.updated, { when: setTime(time(new Date().toISOString()), new Date().toISOString()) }));
}

function alarmMap(spread) {
  return new Map(spread?.items.map((alarm) => [userKey(alarm), alarm.networks]));
}

function fail(error) {
  const isField = filters.showFault(error);
  put(isField
    ? notice({ iconName: 'search', heading: strings.errors.parameter, text: error.message })
    : errorNotice(error, () => load()));
  pager.set(state, { items: [], total: 0, totalIsExact: true }, null);
  replace(updated);
}

function emptyNotice() {
  if (state.cursor !== '' || state.at > 0) {
    return notice({
      iconName: 'search',
      heading: strings.empty.beyond,
      text: strings.empty.beyondText,
      button: el('button', { type: 'button', class: 'button', onclick: () => go(beginning) }, strings.empty.firstPage),
    });
  }
  const isFiltered = filterNames.some((name) => state[name] !== '');
  const isHistory = state.view === 'history';
  return notice({
    iconName: isFiltered ? 'search' : 'desktop',
    heading: isFiltered ? strings.empty.noMatch : isHistory ? strings.empty.noHistory : strings.empty.nobody,
    text: isFiltered ? strings.empty.noMatchText : isHistory ? strings.empty.noHistoryText : strings.empty.nobodyText,
  });
}

/** Looks for new data without moving a row: a changed set of rows waits for the button, unless an error is shown instead of them. */
async function refresh() {
  const asked = state;
  const loading = running;
  try {
    const found = await fetchAll({ passive: true });
    if (asked !== state || loading !== running) {
      return;
    }
    take(found);
  } catch {
    replace(updated, strings.refresh.offline);
  }
}

function take(found) {
  const view = views[state.view];
  if (!alarms.element.isConnected) {
    show(found);
  } else if (view.isSame(found.page.items) && alarms.isSame(found.spread)) {
    dropPending();
    view.update(found.page.items, alarmMap(found.spread));
    alarms.update(found.spread);
    finish(found.page, found.position);
  } else {
    pending = found;
    newData.classList.remove('unseen');
  }
}

function showPending() {
  if (pending) {
    const found = pending;
    dropPending();
    show(found);
    tabs[state.view].focus();
  }
}

function dropPending() {
  pending = null;
  newData.classList.add('unseen');
}
