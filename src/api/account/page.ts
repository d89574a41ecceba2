import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { newToken } from '../../domain/ids';
import { LANGUAGES } from '../../domain/language';
import type { Mode } from '../../domain/mode';
import { ProblemError } from '../../domain/problem';
import { html, sendPage } from '../../html';
import type { ApiDeps } from '../deps';
import { formToken, isOurForm } from '../http/own-form';
import { toProblemError } from '../http/problem';
import { createMemberBrowser, type MemberBrowser } from './browser';
import { wordsIn } from './languages';
import { sendRefusal, sendSentence } from './purchase-view';
import { createMemberSessions, type MemberSession, type MemberSessions } from './sessions';
import type { FormFields, Shell } from './shell';

/** One request for a page of a coach's members, in a mode. */
export interface Visit {
  req: Request;
  res: Response;
  shell: Shell;
}

/** The same of somebody who is signed in. */
export interface MemberVisit extends Visit {
  session: MemberSession;
}

export interface PageParts {
  deps: ApiDeps;
  browser: MemberBrowser;
  sessions: MemberSessions;
}

/** Whose page a shell is of. */
export const pageOf = ({ coach, mode }: Shell) => ({ coachId: coach.id, mode });

/** What a page for a coach's members begins with. */
export type Prefix = '/account' | '/withdraw';

/** Where such pages are: live mode has the short address. */
export const memberPath = (prefix: Prefix, coachId: string, mode: Mode) =>
  `${prefix}/${coachId}${mode === 'test' ? '/test' : ''}`;

/** What a mode's pages are put on, and with. */
export interface PagesOfMode extends PageParts {
  router: Router;
  pages: Pages;
  mode: Mode;
}

/** Pages for a coach's members in both modes, each with the routes that it is given. */
export function inBothModes(deps: ApiDeps, prefix: Prefix, route: (of: PagesOfMode) => void): Router {
  const parts = {
    deps,
    browser: createMemberBrowser(deps.config.api.publicUrl),
    sessions: createMemberSessions(deps.db),
  };
  const both = Router();
  // Test mode first: its address begins with the other's.
  for (const mode of ['test', 'live'] as const) {
    const router = Router({ mergeParams: true });
    router.use(express.urlencoded({ extended: false, limit: '10kb' }));
    route({ ...parts, router, mode, pages: createPages(parts, mode, prefix) });
    both.use(memberPath(prefix, ':coach', mode), router);
  }
  return both;
}

/** How the handlers of the member's pages in one mode are made. */
function createPages({ deps, browser, sessions }: PageParts, mode: Mode, prefix: Prefix) {
  const { db, config } = deps;
  const { modes, apiBase } = config.stripe;
  // Browsers hold a form's redirects to these too. https://www.w3.org/TR/CSP3/#directive-form-action
  const formTargets = ['https:', ...(apiBase === null ? [] : [new URL(apiBase).origin])];

  /** Null: it has been answered. */
  async function shellOf(req: Request, res: Response): Promise<Shell | null> {
    const coach = await db.coach.findUnique({ where: { id: String(req.params['coach']) } });
    const words = wordsIn(browser.languageOf(req));
    if (coach === null) {
      sendPage(res, {
        title: words.notFound,
        status: 404,
        language: words.language,
        body: html`<h1>${words.notFound}</h1>`,
      });
      return null;
    }
    const { originalUrl, method } = req;
    const language = LANGUAGES.find((one) => one === req.query['lang']);
    if (language !== undefined && method === 'GET') {
      const there = new URL(originalUrl, config.api.publicUrl);
      there.searchParams.delete('lang');
      browser.choose(res, language);
      res.redirect(303, there.pathname + there.search);
      return null;
    }
    const base = memberPath('/account', coach.id, mode);
    const own = memberPath(prefix, coach.id, mode);
    const here = method === 'GET' ? originalUrl : own;
    const shell = { coach, mode, words, base, own, here, formTargets };
    if (modes[mode] !== undefined) return shell;
    if (mode === 'live' && modes.test !== undefined && method === 'GET')
      res.redirect(303, originalUrl.replace(own, memberPath(prefix, coach.id, 'test')));
    else sendSentence(res, shell, words.modeOff, 404);
    return null;
  }

  /** A page for anybody. What is refused is said in words. */
  const page =
    (show: (visit: Visit) => Promise<void>): RequestHandler =>
    async (req, res) => {
      const shell = await shellOf(req, res);
      if (shell === null) return;
      try {
        await show({ req, res, shell });
      } catch (error) {
        const problem = toProblemError(error);
        if (problem === null || problem.code === 'temporarily_unavailable') throw error;
        deps.log.info({ code: problem.code }, "a member's page refused");
        sendRefusal(res, shell, problem);
      }
    };

  /** A page for who is signed in; whoever is not is led to where one signs in. */
  const ofMember = (show: (visit: MemberVisit) => Promise<void>): RequestHandler =>
    page(async (visit) => {
      const { req, res, shell } = visit;
      const of = pageOf(shell);
      const session = await sessions.find(of, browser.tokenOf(req, of));
      if (session === null) res.redirect(303, shell.base);
      else await show({ ...visit, session });
    });

  /** What a button of the page does. A form that is not ours, or of another session, does nothing and leads back. */
  const press = (
    action: string,
    act: (visit: MemberVisit, request: string) => Promise<void>,
    shown: (req: Request) => readonly string[] = () => [],
  ): RequestHandler =>
    ofMember(async (visit) => {
      const { req, res, shell, session } = visit;
      const { request } = (req.body ?? {}) as { request?: unknown };
      const id = String(req.params['id'] ?? '');
      if (
        typeof request !== 'string' ||
        !/^[\w-]{43}$/.test(request) ||
        !isOurForm(req, session, [action, id, request, ...shown(req)])
      ) {
        res.redirect(303, shell.base);
        return;
      }
      await act(visit, `page:${request}`);
    });

  return { page, ofMember, press };
}

export type Pages = ReturnType<typeof createPages>;

/** The fields of a form of the page: only this session can send them, for this action on this thing. */
export function fieldsOf(
  session: MemberSession,
  action: string,
  id: string,
  shown: readonly string[] = [],
): FormFields {
  const request = newToken();
  return { request, token: formToken(session, [action, id, request, ...shown]) };
}

/** A field of a form. */
export function field(req: Request, name: string): string {
  const value = (req.body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}

export const notFound = () => new ProblemError('not_found', 'There is nothing of this member here.');
