import { goToMember, link } from './steps.mjs';

/** The Temporal Web UI scrolls inside, keeps asking, and is for large screens. */
const THERE = { widths: ['desktop'], fullPage: false, state: 'load' };

/** What an operator sees in the Temporal Web UI: the coach's runs, and the one that a member's page leads to. */
export async function lookAtRuns({ coach, local, picture }) {
  await coach.goto(`${local.api}/console/test`);
  await goToMember(coach, 'clara@example.com');
  const tab = coach.waitForEvent('popup');
  await link(coach, 'Show the run in Temporal').click();
  const page = await tab;
  await page.getByText('User Metadata', { exact: true }).first().click();
  await page.frameLocator('iframe').last().getByText('Access until').waitFor();
  await picture(page, 'run-membership', THERE);
  await page.getByText('Search Attributes', { exact: true }).first().click();
  await page.getByText('BusinessStatus').first().waitFor();
  await picture(page, 'run-attributes', THERE);

  const query = encodeURIComponent(`CoachId="${local.demo.coachId}"`);
  await page.goto(`${local.temporalUi}/namespaces/default/workflows?query=${query}`);
  await page.getByText('membership/').first().waitFor();
  await picture(page, 'runs', THERE);
}
