// What tells sessions with the same device apart: the place, else the last activity, and the id if even that is the same.
import { el, userText } from './dom.js';
import { shortId } from './ids.js';
import { lastPlaceOf } from './places.js';
import { agoText, time } from './time.js';

const readings = {
  town: (session) => lastPlaceOf(session)?.split(', ')[0] ?? null,
  place: lastPlaceOf,
  ago: (session) => agoText(session.lastActiveAt),
};

/** A function from a session to what tells it from the others of these; null where its device does. */
export function tellApart(sessions) {
  const shared = counter(sessions, () => null);
  const [towns, places, agos] = Object.values(readings).map((read) => counter(sessions, read));
  return (session) => {
    if (shared(session) === 1) {
      return null;
    }
    const known = lastPlaceOf(session) !== null;
    if (known && towns(session) === 1) {
      return userText(readings.town(session));
    }
    if (known && places(session) === 1) {
      return userText(readings.place(session));
    }
    const when = time(session.lastActiveAt);
    return agos(session) === 1 ? when : [when, ' · ', el('span', { class: 'short-id' }, shortId(session.id))];
  };
}

/** Counts the sessions of the same device of which `read` says the same. */
function counter(sessions, read) {
  const counts = new Map();
  const keyOf = (session) => JSON.stringify([session.device, read(session)]);
  sessions.map(keyOf).forEach((key) => counts.set(key, (counts.get(key) ?? 0) + 1));
  return (session) => counts.get(keyOf(session));
}
