// Relative times, with the exact one as title. They follow the server's clock, not that of this device.
import { el } from './dom.js';
import { locale, strings } from './strings.js';

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long' });
const units = [['day', 86400], ['hour', 3600], ['minute', 60]];
const repaintEvery = 15_000;

let ahead = 0;

/** Takes the server's time from a response's Date header. A difference of seconds is only latency. */
export function setServerTime(date) {
  const difference = Date.parse(date) - Date.now();
  ahead = Math.abs(difference) > 5_000 ? difference : 0;
}

function now() {
  return Date.now() + ahead;
}

/** How long ago that was, in milliseconds. */
export function ageOf(iso) {
  return now() - Date.parse(iso);
}

/** How long ago that was, or how long until then, in words. */
export function agoText(iso) {
  const seconds = Math.round((Date.parse(iso) - now()) / 1000);
  const unit = units.find(([, size]) => Math.abs(seconds) >= size);
  return unit ? relative.format(Math.trunc(seconds / unit[1]), unit[0]) : strings.common.now;
}

export function exactText(iso) {
  return exact.format(new Date(iso));
}

/** Creates a time element that stays up to date. */
export function time(iso) {
  return setTime(el('time', { class: 'relative-time' }), iso);
}

export function setTime(element, iso) {
  element.dateTime = iso;
  element.title = exactText(iso);
  element.textContent = agoText(iso);
  return element;
}

function repaint() {
  for (const element of document.querySelectorAll('time.relative-time')) {
    const text = agoText(element.dateTime);
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }
}

setInterval(repaint, repaintEvery);
