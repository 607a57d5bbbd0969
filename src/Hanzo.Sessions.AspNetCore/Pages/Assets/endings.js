// Ends sessions for an administrator: asks first, and reports the result.
import { endOf, get, remove, removeIfThere } from './api.js';
import { el, fill, userText } from './dom.js';
import { ask, tell } from './dialogs.js';
import { lastUse, signInAddress } from './places.js';
import { strings } from './strings.js';
import { time } from './time.js';
import { toast } from './toast.js';

const text = strings.end;
const listed = 8;
const surveyed = 500;

/** Ends one session; returns whether it is over now. */
export async function endOne(session) {
  const user = () => userText(session.user);
  const answer = await ask({
    heading: text.oneHeading,
    body: [
      el('p', {}, fill(text.oneText, { user: user(), application: userText(session.application), device: session.device })),
      el('p', { class: 'quiet' }, fill(text.oneFrom, { device: session.device, ip: signInAddress(session), when: time(session.lastActiveAt) })),
      lastUse(session),
      noUndo(),
    ],
    confirm: text.oneConfirm,
    run: () => removeIfThere(pathOf(session)),
  });
  if (answer) {
    toast(answer.value
      ? fill(text.alreadyEnded, { reason: strings.reasons[answer.value.reason] ?? answer.value.reason })
      : fill(text.doneOne, { user: user(), device: session.device }));
  }
  return answer !== null;
}

/** Ends all sessions of a record, or of a user if no application is given; returns the session that was kept, or null. */
export async function endSeveral({ organization, user, application = null }) {
  const found = await get('/admin/sessions', { organization, user, application, limit: surveyed });
  const own = found.items.find((session) => session.isCurrent);
  const others = found.items.filter((session) => session !== own);
  const count = found.total - (own ? 1 : 0);
  if (count === 0) {
    return nothingToEnd(user, own);
  }
  const answer = await ask({
    ...(own ? aboutOthers(count) : aboutAll(application, count)),
    body: [
      el('p', {}, own ? text.ownText : fill(application === null ? text.allText : text.recordText, names(user, application))),
      own ? el('p', {}, fill(text.ownOthers, { count, user: userText(user) })) : null,
      devices(others, count, application === null),
      noUndo(),
    ],
    run: () => endAll({ userId: `${organization}/${user}`, application, keepCurrent: own ? 'true' : null }, others),
  });
  if (!answer) {
    return null;
  }
  const { ended } = answer.value;
  toast(fill(ended === 0 ? text.doneNone : text.done, { count: ended, user: userText(user) }));
  return { kept: own?.id ?? null };
}

/** That none was ended does not say that they have ended: the administrator may no longer see them. */
async function endAll(parameters, sessions) {
  const answer = await remove('/admin/sessions', parameters);
  if (answer.ended === 0 && sessions.length > 0) {
    await endOf(pathOf(sessions[0]));
  }
  return answer;
}

function pathOf(session) {
  return `/admin/sessions/${encodeURIComponent(session.id)}`;
}

function nothingToEnd(user, own) {
  tell({
    heading: own ? text.ownHeading : text.nothingLeft,
    body: [
      own ? el('p', {}, text.ownText) : null,
      el('p', {}, fill(own ? text.ownNoOthers : text.nothingLeftText, { user: userText(user) })),
    ],
  });
  return { kept: own?.id ?? null };
}

function aboutOthers(count) {
  return { heading: text.ownHeading, confirm: fill(text.ownConfirm, { count }) };
}

function aboutAll(application, count) {
  return {
    heading: fill(application === null ? text.allHeading : text.recordHeading, { count }),
    confirm: fill(text.severalConfirm, { count }),
  };
}

function names(user, application) {
  return { user: userText(user), application: application === null ? null : userText(application) };
}

function devices(sessions, count, withApplication) {
  const shown = sessions.slice(0, listed);
  return el('ul', { class: 'dialog-list' },
    shown.map((session) => el('li', {}, fill(withApplication ? text.listItemIn : text.listItem, {
      device: session.device, ip: signInAddress(session), application: userText(session.application),
    }))),
    count > shown.length ? el('li', {}, fill(text.andMore, { count: count - shown.length })) : null);
}

function noUndo() {
  return el('p', { class: 'no-undo' }, text.noUndo);
}
