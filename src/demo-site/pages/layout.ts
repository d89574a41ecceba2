import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mode } from '@session/sdk';
import { type Html, html } from '../../html';
import { MODES } from '../site';
import { type Notice, PEOPLE, type Person } from '../visitor';

export const STYLE = readFileSync(join(__dirname, '..', 'style.css'), 'utf8');

export interface PageOptions {
  title: string;
  mode: Mode;
  /** The address of this page without its mode, such as `/members`. */
  path: string;
  person: Person | null;
  notice: Notice | null;
  /** The address of the coach's console. */
  consoleUrl: string;
  /** The address of the purchase button's script. */
  buyScript: string;
  body: Html;
  /** Seconds after which the browser asks again: something is still under way. */
  refresh?: number;
}

const SECTIONS = [
  { path: '', label: 'Offers' },
  { path: '/members', label: 'Members only' },
  { path: '/time', label: 'Time' },
];

const MODE_NAMES = { test: 'Test mode', live: 'Live mode' } as const;
const MODE_WORDS = {
  test: 'No money moves: pay with test cards.',
  live: 'Against the local emulator no money moves here either.',
} as const;

/** One page of the site. Everything works without JavaScript. */
export function renderPage(page: PageOptions): string {
  const { title, mode, path, person, notice, consoleUrl, buyScript, body, refresh } = page;
  const current = (is: boolean) => (is ? html` aria-current="page"` : null);
  const isIn = (section: string) => (section === '' ? path === '' : path.startsWith(section));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh === undefined ? null : html`<meta http-equiv="refresh" content="${refresh}" />`}
        <title>${title} · Yoga with Ana</title>
        <link rel="stylesheet" href="/style.css" />
        <script src="${buyScript}" async></script>
        <link rel="icon" href="data:," />
      </head>
      <body>
        <div class="mode ${mode}">
          <div class="wrap">
            <nav aria-label="Mode">
              ${MODES.map(
                (other) =>
                  html`<a href="/${other}${path}" ${current(other === mode)}>${MODE_NAMES[other]}</a>`,
              )}
            </nav>
            <span>${MODE_WORDS[mode]}</span>
          </div>
        </div>
        <header class="site">
          <div class="wrap">
            <a class="brand" href="/${mode}">Yoga with Ana</a>
            <nav aria-label="Site">
              ${SECTIONS.map(
                (section) =>
                  html`<a href="/${mode}${section.path}" ${current(isIn(section.path))}>${section.label}</a>`,
              )}
              <a href="${consoleUrl}/${mode}">Console</a>
            </nav>
            ${signInForm(mode, path, person)}
          </div>
        </header>
        <main class="wrap">
          ${
            notice === null
              ? null
              : html`<div class="notice ${notice.kind}" role="status">${notice.text}</div>`
          }
          ${body}
        </main>
        <footer class="wrap soft">
          A demonstration of Session Payments: a coach’s own web site, which knows only the public API.
        </footer>
      </body>
    </html>`.text;
}

function signInForm(mode: Mode, path: string, person: Person | null): Html {
  const known = PEOPLE.some(({ key }) => key === person?.key);
  return html`<form class="who" method="post" action="/${mode}/sign-in">
    <input type="hidden" name="back" value="/${mode}${path}" />
    <label for="person" class="hide">Signed in as</label>
    <select id="person" name="person">
      <option value="">Visitor</option>
      ${PEOPLE.map(
        ({ key, name }) =>
          html`<option value="${key}" ${person?.key === key ? html` selected` : null}>${name}</option>`,
      )}
      ${
        person === null || known ? null : html`<option value="${person.key}" selected>${person.name}</option>`
      }
    </select>
    <button class="quiet small">Sign in</button>
  </form>`;
}
