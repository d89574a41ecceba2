import { catalog } from './catalog';
import { connect, webhooks } from './connect';
import { customers } from './customers';
import { checkout, payments } from './payments';
import { Stage, type Story } from './stage';
import { drafts, invoices, subscriptions, trials } from './subscriptions';

const STORIES: Story[] = [
  connect,
  webhooks,
  catalog,
  customers,
  checkout,
  payments,
  subscriptions,
  trials,
  drafts,
  invoices,
];

/** A story that did not come to its end. */
export interface BrokenStory {
  story: string;
  reason: string;
}

/** Tells every story to an emulator that records into the folder. */
export async function tellStories(recordTo: string): Promise<BrokenStory[]> {
  const broken: BrokenStory[] = [];
  const stage = await Stage.set(recordTo);
  for (const story of STORIES) {
    try {
      await story.tell(stage);
    } catch (error) {
      broken.push({ story: story.name, reason: String(error instanceof Error ? error.stack : error) });
    }
  }
  await stage.strike();
  return broken;
}
