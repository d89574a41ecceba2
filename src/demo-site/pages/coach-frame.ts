import { randomUUID } from 'node:crypto';
import { type Html, html } from '../../api/http/html';
import type { Mode } from '../../session-client/types';

const TABS = [
  { path: '/coach', label: 'Payments' },
  { path: '/coach/products', label: 'Products' },
  { path: '/coach/sales', label: 'Sales' },
];

/** The frame of the pages that a coach would have in Session's own settings. */
export function coachFrame(mode: Mode, path: string, body: Html): Html {
  return html`<h1>Settings</h1>
    <nav class="tabs" aria-label="Settings">
      ${TABS.map(
        (tab) =>
          html`<a href="/${mode}${tab.path}" ${tab.path === path ? html` aria-current="page"` : null}
            >${tab.label}</a
          >`,
      )}
    </nav>
    ${body}`;
}

/** A button that does something, once, however often it is clicked. */
export function action(
  address: string,
  label: string,
  options: {
    kind?: 'quiet' | 'bad' | 'small' | 'quiet small' | 'bad small';
    fields?: Record<string, string>;
  } = {},
): Html {
  const fields = { ...options.fields, requestId: randomUUID() };
  return html`<form method="post" action="${address}">
    ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button class="${options.kind ?? ''}">${label}</button>
  </form>`;
}
