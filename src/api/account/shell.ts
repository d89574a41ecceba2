import type { Response } from 'express';
import { type Html, html, sendPage } from '../../html';
import { dayIn } from '../../domain/language';
import type { Mode } from '../../domain/mode';
import type { Coach } from '../../db/generated/client';
import type { Words } from './words';

/** What every page of a member's has around it. */
export interface Shell {
  coach: Coach;
  mode: Mode;
  words: Words;
  /** The address of the member's page, without a slash at the end. */
  base: string;
  /** The address of the page that this is a part of: the member's, or the one for withdrawals. */
  own: string;
  /** Where the browser is, for the switch of the language; a form that was refused has none of its own. */
  here: string;
  /** Origins that a form may lead to. */
  formTargets: readonly string[];
}

const STYLE = `
body{align-items:flex-start}main{max-width:38rem}
header{display:flex;justify-content:space-between;gap:1rem;align-items:baseline}
section{border-top:1px solid var(--line);margin-top:1.5rem;padding-top:1rem}
h2{font-size:1.15rem;margin:0 0 .5rem;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;margin:.5rem 0}dt{color:var(--soft);min-width:3.5rem}dd{margin:0;overflow-wrap:anywhere}
.state{font-weight:600}.actions{display:flex;flex-wrap:wrap;gap:.75rem}.actions>*{flex:1 1 12rem}.actions form button,.actions .button{margin:.5rem 0 0}
.button.second,button.second{background:none;color:inherit;border:1px solid var(--soft)}
.notice{border:1px solid var(--go);border-radius:.6rem;padding:.75rem 1rem}
.option{display:flex;align-items:center;min-height:2.75rem;margin:0}
blockquote{margin:1rem 0;padding-left:1rem;border-left:3px solid var(--go);overflow-wrap:anywhere}ul{padding-left:1.25rem}
.option input{flex:none}.amount{text-align:right;white-space:nowrap}
button.link{display:inline;width:auto;min-height:2.75rem;margin:0;padding:0;background:none;color:inherit;font-weight:400;text-decoration:underline}
a{display:inline-block;min-height:1.5rem}
footer{margin-top:1.5rem}`;

/** An address of ours with the other language chosen. */
function inOther(here: string, language: string): string {
  return `${here}${here.includes('?') ? '&' : '?'}lang=${language}`;
}

/** Sends a page of the member's. */
export function sendMemberPage(
  res: Response,
  shell: Shell,
  page: { title: string; body: Html; status?: number },
): void {
  const { coach, mode, words, here } = shell;
  res.vary('Accept-Language');
  sendPage(
    res,
    {
      title: `${page.title} · ${coach.name}`,
      language: words.language,
      style: STYLE,
      ...(page.status === undefined ? {} : { status: page.status }),
      body: html`<header>
          <p class="soft">
            <bdi>${coach.name}</bdi>
            ${mode === 'test' && html`<span class="badge">${words.testMode}</span>`}
          </p>
          <p class="soft">
            <a
              href="${inOther(here, words.other.language)}"
              lang="${words.other.language}"
              hreflang="${words.other.language}"
              >${words.other.name}</a
            >
          </p>
        </header>
        ${page.body}`,
    },
    shell.formTargets,
  );
}

/** A day, with the exact time for programs. */
export function dayOf({ words }: Pick<Shell, 'words'>, at: Date | string): Html {
  const date = typeof at === 'string' ? new Date(at) : at;
  return html`<time datetime="${date.toISOString()}">${dayIn(words.language, date)}</time>`;
}

/** The fields that every form of ours carries. */
export interface FormFields {
  token: string;
  /** Names the request: pressed twice, it is done once. */
  request: string;
}

/** The hidden fields of a form. */
export const hidden = ({ token, request }: FormFields): Html =>
  html`<input type="hidden" name="token" value="${token}" /><input
      type="hidden"
      name="request"
      value="${request}"
    />`;
