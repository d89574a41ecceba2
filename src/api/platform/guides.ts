import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Router } from 'express';
import MarkdownIt from 'markdown-it';
import { Html, html, sendPage } from '../../html';
import { ProblemError } from '../../domain/problem';
import { refuseOtherMethods } from '../http/methods';

/** The folder of the clone, or of the image: this file lies three folders deep, both in `src` and in `dist`. */
const ROOT = join(__dirname, '..', '..', '..');

/** The pages under /docs/guides, in the order of their list; each is a text of this repository. */
export const GUIDES = [
  { name: 'quickstart', title: 'Quickstart', file: 'docs/quickstart.md' },
  { name: 'selling', title: 'Selling', file: 'docs/guides/selling.md' },
  { name: 'access-checks', title: 'Access checks', file: 'docs/guides/access-checks.md' },
  { name: 'webhooks', title: 'Webhooks', file: 'docs/guides/webhooks.md' },
  { name: 'testing', title: 'Testing', file: 'docs/guides/testing.md' },
  { name: 'going-live', title: 'Going live', file: 'docs/guides/going-live.md' },
  { name: 'sdk', title: 'SDK', file: 'packages/sdk/README.md' },
  { name: 'command', title: 'Command', file: 'packages/cli/README.md' },
] as const;
type Guide = (typeof GUIDES)[number];

const addressOf = ({ name }: Guide) => `/docs/guides/${name}`;

/** `/docs/guides`: a page for each topic, beside the reference. Without a script. */
export function guidesRouter(): Router {
  const router = Router();
  const rendered = new Map<string, Html>();
  const bodyOf = (guide: Guide): Html => {
    const known = rendered.get(guide.name) ?? render(guide);
    rendered.set(guide.name, known);
    return known;
  };

  router.get('/docs/guides', (_req, res) => {
    const [first] = GUIDES;
    res.redirect(303, addressOf(first));
  });
  router.get('/docs/guides/:name', (req, res) => {
    const guide = GUIDES.find(({ name }) => name === req.params.name);
    if (guide === undefined) throw new ProblemError('route_not_found', 'There is no guide of this name.');
    sendPage(res, {
      title: `${guide.title} · Session Payments`,
      wide: true,
      body: html`<nav class="guides" aria-label="Guides">
          ${GUIDES.map((each) => entry(each, each === guide))}<a href="/docs/">Reference</a>
        </nav>
        <article class="guide">${bodyOf(guide)}</article>`,
    });
  });
  for (const path of ['/docs/guides', '/docs/guides/:name']) refuseOtherMethods(router, path, ['GET']);
  return router;
}

const entry = (guide: Guide, isHere: boolean) =>
  html`<a href="${addressOf(guide)}" ${isHere ? new Html(' aria-current="page"') : null}>${guide.title}</a>`;

/** A text as HTML. Raw HTML in it is text; what leads to another guide's file leads to its page. */
function render({ file }: Guide): Html {
  const markdown = new MarkdownIt({ html: false });
  const { rules } = markdown.renderer;
  const escape = markdown.utils.escapeHtml;
  // What is wider than a phone moves by itself, for the keyboard too.
  rules['fence'] = (tokens, i) =>
    `<pre tabindex="0"><code>${escape(tokens[i]?.content ?? '')}</code></pre>\n`;
  rules['table_open'] = () => '<div class="scroll" tabindex="0"><table>';
  rules['table_close'] = () => '</table></div>';
  rules['heading_open'] = (tokens, i) =>
    `<${tokens[i]?.tag ?? ''} id="${escape(slug(tokens[i + 1]?.content ?? ''))}">`;
  rules['link_open'] = (tokens, i, options, _env, self) => {
    const token = tokens[i];
    token?.attrSet('href', leadsTo(file, String(token.attrGet('href') ?? '')));
    return self.renderToken(tokens, i, options);
  };
  return new Html(markdown.render(readFileSync(join(ROOT, file), 'utf8')));
}

/** `Who is buying` → `who-is-buying`, as others write the anchors of Markdown. */
const slug = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

/**
 * Where a link of a text leads on the site. @throws Error for a file that is no guide: nobody who reads the site has it
 */
export function leadsTo(file: string, href: string): string {
  if (/^(https:\/\/|\/|#)/.test(href)) return href;
  const [path = '', anchor] = href.split('#');
  const guide = GUIDES.find((each) => each.file === posix.join(posix.dirname(file), path));
  if (guide === undefined) throw new Error(`${file} leads to ${href}, which is no guide`);
  return `${addressOf(guide)}${anchor === undefined ? '' : `#${anchor}`}`;
}
