import type { Mode } from '@session/sdk';
import { Business } from './business';
import { catalog } from './chapters/catalog';
import { connecting } from './chapters/connecting';
import { crash } from './chapters/crash';
import { forged } from './chapters/forged';
import { leaving } from './chapters/leaving';
import { mails } from './chapters/mails';
import { months } from './chapters/months';
import { payWithoutWebhooks, timerFindsIt } from './chapters/no-webhooks';
import { purchase } from './chapters/purchase';
import { unfinished } from './chapters/unfinished';
import { withdrawing } from './chapters/withdrawing';
import type { Narrator } from './narrator';
import type { NewCoach, World } from './world';

export interface StoryOptions {
  /** The process ids of API and worker, to kill them in the middle of a checkout; null: nobody is killed. */
  pidsToKill: (() => number[]) | null;
}

/** The help page from the first to the last section, in one mode. */
export async function playStory(
  world: World,
  narrator: Narrator,
  mode: Mode,
  coaches: { ana: NewCoach; ben: NewCoach },
  { pidsToKill }: StoryOptions,
): Promise<void> {
  const ana = new Business(world, coaches.ana, mode);
  const ben = new Business(world, coaches.ben, mode);
  const stage = { narrator, mode, ana, ben };
  await connecting(stage);
  // First, so that the checkout's timer runs while the story goes on.
  const untold = await payWithoutWebhooks(stage);
  const offers = await catalog(stage);
  await purchase(stage, offers);
  if (pidsToKill !== null) await crash(stage, offers, pidsToKill);
  await unfinished(stage, offers);
  await months(stage, offers);
  await mails(stage);
  await withdrawing(stage, offers);
  await forged(stage, offers);
  await leaving(stage, offers);
  await timerFindsIt(stage, untold);
}
