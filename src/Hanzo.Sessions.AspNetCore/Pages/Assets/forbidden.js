// What a user who is no administrator sees in the admin page's place.
import { config } from './config.js';
import { el } from './dom.js';
import { layout } from './layout.js';
import { strings } from './strings.js';

layout(strings.forbidden.heading, strings.forbidden.text, 'admin').append(
  config.accountPage ? el('a', { class: 'button', href: config.accountPage }, strings.forbidden.toMySessions) : '');
