// What a user who is not an administrator sees instead of the admin page.
import { config } from './config.js';
import { el } from './dom.js';
import { layout } from './layout.js';
import { strings } from './strings.js';

layout(strings.forbidden.heading, strings.forbidden.text, 'admin').append(
  config.accountPage ? el('a', { class: 'button', href: config.accountPage }, strings.forbidden.toMySessions) : '');
