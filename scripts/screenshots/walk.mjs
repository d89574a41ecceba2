import { getStarted } from './getting-started.mjs';
import { lookAround } from './console.mjs';
import { leave } from './leaving.mjs';
import { monthsPass, sell } from './selling.mjs';
import { visitSite } from './site.mjs';
import { lookAtRuns } from './runs.mjs';

/** The way of the help page, section by section: the coach in the console, the members on the coach's site. */
export async function walk(browser, local) {
  const coach = await browser.person();
  const scene = { coach, local, person: browser.person, picture: browser.picture };
  try {
    await getStarted(scene);
    await visitSite(scene);
    await sell(scene);
    await monthsPass(scene);
    await lookAround(scene);
    await lookAtRuns(scene);
    await leave(scene);
  } catch (error) {
    throw new Error(`${error.message}\n${await browser.describe()}`, { cause: error });
  }
}
