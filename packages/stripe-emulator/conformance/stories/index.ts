import { EndpointTable } from '../../src/http/endpoint';
import { endpoints } from '../../src/resources';
import { intents, items, methods, ownInvoices, previews, resumption, setups, setupSessions } from './billing';
import { catalog } from './catalog';
import { choices, refused } from './choices';
import { connect, webhooks } from './connect';
import { customers } from './customers';
import { discounts } from './discounts';
import { disputes } from './disputes';
import { balance, capabilities, onboarding, rejection } from './onboarding';
import { checkout, declines, payments, variations } from './payments';
import { portal } from './portal';
import { schedules, testClocks } from './schedules';
import { Stage, type Story } from './stage';
import { drafts, invoices, subscriptions, trials } from './subscriptions';

const STORIES: Story[] = [
  connect,
  onboarding,
  rejection,
  capabilities,
  balance,
  webhooks,
  catalog,
  discounts,
  customers,
  checkout,
  variations,
  payments,
  declines,
  intents,
  methods,
  setups,
  setupSessions,
  choices,
  refused,
  disputes,
  subscriptions,
  trials,
  resumption,
  items,
  schedules,
  drafts,
  invoices,
  ownInvoices,
  previews,
  portal,
  testClocks,
];

/** A story that did not come to its end. */
export interface BrokenStory {
  story: string;
  reason: string;
}

export interface Told {
  broken: BrokenStory[];
  /** Stories that need operations which the emulator does not have. */
  untold: string[];
}

/** Tells every story to an emulator that records into the folder. */
export async function tellStories(recordTo: string): Promise<Told> {
  const known = new Set(new EndpointTable(endpoints).operations());
  const told: Told = { broken: [], untold: [] };
  const stage = await Stage.set(recordTo);
  for (const story of STORIES) {
    if (story.needs?.some((operation) => !known.has(operation))) {
      told.untold.push(story.name);
      continue;
    }
    try {
      await story.tell(stage);
    } catch (error) {
      told.broken.push({ story: story.name, reason: String(error instanceof Error ? error.stack : error) });
    }
  }
  await stage.strike();
  return told;
}
