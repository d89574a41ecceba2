import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import { STYLE_OF_SCHEMES } from './look/tokens';

/** A piece of HTML that needs no escaping any more. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | null | undefined | false | Html | readonly Html[];

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function render(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map((piece) => piece.text).join('');
  return escape(String(value));
}

/** A template whose values are escaped, unless they are {@link Html} themselves. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(strings.map((part, i) => part + (i < values.length ? render(values[i]) : '')).join(''));
}

/**
 * What is `guarded` cannot be clicked for the first second: the second click of a double one that began on another page
 * decides nothing here.
 */
const STYLE = `
${STYLE_OF_SCHEMES}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;padding:1rem;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;overflow-wrap:anywhere;max-width:26rem;background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:1.75rem}
h1{font-size:1.4rem;line-height:1.25;margin:0 0 .5rem;}
p{margin:.5rem 0}
.soft{color:var(--soft);font-size:.9rem}
.price{font-size:1.75rem;font-weight:650;margin:1rem 0}
.price span{font-size:1rem;font-weight:400;color:var(--soft)}
.badge{display:inline-block;border:1px solid currentColor;border-radius:.4rem;padding:0 .4rem;font-size:.8rem;color:var(--soft)}
button,.button{display:block;width:100%;min-height:3rem;margin:1rem 0 0;padding:.7rem 1rem;border:0;border-radius:.6rem;background:var(--go);color:var(--on-go);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
button.second{background:none;color:inherit;border:1px solid var(--soft)}
.guarded button{animation:guarded 1s}@keyframes guarded{from,to{pointer-events:none}}
button:focus-visible,a:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
label{display:block;margin:1rem 0 .25rem}
input{display:block;width:100%;min-height:3rem;padding:.6rem .8rem;border:1px solid var(--soft);border-radius:.6rem;background:var(--ground);color:var(--ink);font:inherit}
textarea{display:block;width:100%;min-height:5rem;padding:.6rem .8rem;border:1px solid var(--soft);border-radius:.6rem;background:var(--ground);color:var(--ink);font:inherit}
fieldset{border:0;margin:1rem 0;padding:0}legend{padding:0;font-weight:600}
input[type=radio],input[type=checkbox]{display:inline-block;width:1.25rem;min-height:1.25rem;height:1.25rem;margin:0 .5rem 0 0;padding:0;vertical-align:text-bottom;accent-color:var(--go)}
textarea:focus-visible,input:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
a{color:inherit}
table{border-collapse:collapse;width:100%}td,th{border-top:1px solid var(--line);padding:.5rem;text-align:left;vertical-align:top}
.wide{max-width:60rem;min-width:0}
.guides{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin-bottom:1.5rem}.guides a{padding:.4rem 0}.guides [aria-current]{font-weight:650;text-decoration:none}
.guide h2{font-size:1.15rem;margin:2rem 0 .25rem}.guide li{margin:.25rem 0}.guide ul,.guide ol{padding-left:1.25rem}
.guide code{font:.875em/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
.guide pre{overflow-x:auto;background:var(--ground);border:1px solid var(--line);border-radius:.6rem;padding:.8rem}.guide pre code{overflow-wrap:normal}
.guide table{font-size:.95rem}.scroll{overflow-x:auto;margin:1rem 0}`;

export interface Page {
  title: string;
  body: Html;
  status?: number;
  /** Seconds after which the browser asks again; works without JavaScript. */
  refresh?: { seconds: number; url: string };
  wide?: boolean;
  /** The language of its words, as BCP 47 names it; English unless told. */
  language?: string;
  /** Styles of this page alone. */
  style?: string;
  /** A picture that it shows from elsewhere. */
  image?: string | null;
}

/**
 * Sends one of our pages: no script, one style, nothing from elsewhere but a picture that it names, never framed, never cached.
 * `formTargets` are the origins that a form's answer may lead to (browsers check `form-action` along redirects).
 */
export function sendPage(res: Response, page: Page, formTargets: readonly string[] = []): void {
  const nonce = randomBytes(16).toString('base64');
  res.setHeader(
    'Content-Security-Policy',
    [
      "default-src 'none'",
      `style-src 'nonce-${nonce}'`,
      ...(page.image == null ? [] : [`img-src ${new URL(page.image).origin}`]),
      `form-action ${["'self'", ...formTargets].join(' ')}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  );
  res.setHeader('Cache-Control', 'no-store');
  const refresh =
    page.refresh === undefined
      ? null
      : html`<meta http-equiv="refresh" content="${page.refresh.seconds};url=${page.refresh.url}" />`;
  res
    .status(page.status ?? 200)
    .type('html')
    .send(
      html`<!doctype html>
        <html lang="${page.language ?? 'en'}">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="robots" content="noindex" />
            ${refresh}
            <title>${page.title}</title>
            <style nonce="${nonce}">${new Html(STYLE + (page.style ?? ''))}</style>
          </head>
          <body>
            <main${page.wide === true ? new Html(' class="wide"') : null}>${page.body}</main>
          </body>
        </html>`.text,
    );
}
