// Creates elements. Text always becomes text nodes, so the text of a user is never parsed as HTML.
import { locale } from './strings.js';

/** Creates an element; functions among the attributes become listeners, null and false attributes are left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    setAttribute(element, name, value);
  }
  element.append(...nodes(children));
  return element;
}

export function setAttribute(element, name, value) {
  if (typeof value === 'function') {
    element.addEventListener(name.slice(2), value);
  } else if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

export function replace(element, ...children) {
  element.replaceChildren(...nodes(children));
}

function nodes(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

// What cannot be seen, or looks like something else: controls, format characters (including bidi ones), lone surrogates, line
// separators, characters that are ignored when they are drawn, and blanks, except a plain or a wide one between two words. A
// joiner between two pictographs and a selector after one are part of an emoji.
const hidden = new RegExp(
  '(?<!\\p{Extended_Pictographic}[\\uFE0F\\p{EMod}]?)\\u200D|\\u200D(?!\\p{Extended_Pictographic})'
  + '|(?<!\\p{Extended_Pictographic}\\p{EMod}?)\\uFE0F(?!\\u20E3)'
  + '|(?![\\u200D\\uFE0F])[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u2800]'
  + '|(?![ \\u3000])\\p{Zs}|(?<=^|\\p{Zs})[ \\u3000]|[ \\u3000](?=\\p{Zs}*$)',
  'gu');

function mark(character) {
  return `[U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}]`;
}

/** The text with every character that cannot be seen shown as a mark such as [U+202E]. */
export function visible(text) {
  return String(text).replace(hidden, mark);
}

/** Text of a user: isolated, so that its direction does not affect its surroundings, with marks for what cannot be seen. */
export function userText(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(hidden)) {
    parts.push(text.slice(end, found.index), el('span', { class: 'mark' }, mark(found[0])));
    end = found.index + found[0].length;
  }
  parts.push(text.slice(end));
  return el('bdi', { class: 'user-text' }, parts.filter((part) => part !== ''));
}

const plurals = new Intl.PluralRules(locale);
const numbers = new Intl.NumberFormat(locale);

export function number(value) {
  return numbers.format(value);
}

/** The plural form of a text for a number. */
function entry(text, count) {
  return typeof text === 'string' ? text : text[plurals.select(count)] ?? text.other;
}

/** The parts of a text: words of ours, and the values between them. */
function parts(text, values, show) {
  return entry(text, values.count).split(/\{(\w+)\}/u).map((part, index) => {
    const value = values[part];
    return index % 2 === 0 ? part : typeof value === 'number' ? number(value) : show(value);
  });
}

/** Fills values, text or nodes, into a text: the children of an element. */
export function fill(text, values = {}) {
  return parts(text, values, (value) => value);
}

/** Fills values into a text: a string, for attributes. */
export function fillText(text, values = {}) {
  return parts(text, values, (value) => (value instanceof Node ? value.textContent : visible(value))).join('');
}
