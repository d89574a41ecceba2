import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { Mode } from '../../src/domain/mode';
import { eventually } from '../support/eventually';
import { openPerson, watchErrors, whereIs } from './browser';

/** Opens a link that signs in, and says yes to its question. */
export async function followSignInLink(page: Page, signInUrl: string): Promise<void> {
  await page.goto(signInUrl);
  await page.getByRole('button', { name: /^(Yes, sign in as|Ja, als) / }).click();
}

/** Sends a change that the page has no button for, as a program in this browser could. */
export function askAnyway(
  page: Page,
  mode: Mode,
  path: string,
  body: object,
): Promise<{ status: number; code: string | null }> {
  return page.evaluate(
    async ([address, json]) => {
      const session = (await (await fetch('/console/api/session')).json()) as { csrfToken: string };
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': session.csrfToken },
        body: json,
      });
      const answer = (await response.json()) as { code?: string };
      return { status: response.status, code: answer.code ?? null };
    },
    [`/console/api/${mode}${path}`, JSON.stringify(body)] as const,
  );
}

/** A coach in front of the console. */
export class ConsoleVisit {
  private constructor(
    readonly page: Page,
    readonly errors: string[],
  ) {}

  /** Opens the one-time link; the coach is signed in then. */
  static async enter(
    browser: Browser,
    signInUrl: string,
    options?: BrowserContextOptions,
  ): Promise<ConsoleVisit> {
    const context = await openPerson(browser, options);
    const page = await context.newPage();
    const visit = new ConsoleVisit(page, watchErrors(page));
    await followSignInLink(page, signInUrl);
    await visit.heading(/^(Home|Start)$/).waitFor();
    return visit;
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  /** A named part of the page. */
  section(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** By the navigation: `Payments` below `Settings`. */
  async goTo(name: 'Home' | 'Members' | 'Payments' | 'Products'): Promise<void> {
    const navigation = this.page.getByRole('navigation', { name: 'Main' });
    await navigation.getByRole('link', { name, exact: true }).click();
    await this.heading(name).waitFor();
  }

  /** The same from a page with changes that are not saved: it is asked about them first. */
  async leaveFor(name: 'Home'): Promise<void> {
    const navigation = this.page.getByRole('navigation', { name: 'Main' });
    await navigation.getByRole('link', { name, exact: true }).click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Leave without saving' }).click();
    await this.heading(name).waitFor();
  }

  /** By the switch that is always there. */
  async switchTo(mode: Mode): Promise<void> {
    const isTest = new URL(this.page.url()).pathname.startsWith('/console/test');
    if (isTest === (mode === 'test')) return;
    await this.page.getByRole('switch', { name: 'Test mode' }).click();
    await this.page.waitForURL(`**/console/${mode}**`);
  }

  /** A page shows what it has read: it is read again until what a webhook has changed since is there. */
  async readAgainUntil(shown: Locator): Promise<void> {
    await eventually(String(shown), async () => {
      if (await shown.isVisible()) return true;
      await this.page.reload();
      await this.page.waitForLoadState('networkidle');
      return shown.isVisible();
    });
  }

  describe = (): Promise<string> => whereIs(this.page);

  close = (): Promise<void> => this.page.context().close();
}
