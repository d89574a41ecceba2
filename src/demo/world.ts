import { createSessionClient, type SessionClient, type Mode } from '@session/sdk';
import type { LocalJson } from '../local/local-json';
import { StripeSide } from './emulator';

export const MODES: readonly Mode[] = ['test', 'live'];

/** The running system as the story needs it. */
export interface World {
  api: string;
  emulator: string;
  platformKey: string;
  temporalUi: string | null;
  /** Where mails can be read; null: they leave this machine. */
  mails: string | null;
  platform: SessionClient;
  stripe: StripeSide;
}

/** @param local what `npm start` wrote down; `emulator` is in it, or there is nothing to play with. */
export function createWorld(local: LocalJson, emulator: string): World {
  return {
    api: local.api,
    emulator,
    platformKey: local.platformKey,
    temporalUi: local.temporalUi,
    mails: local.mails,
    platform: createSessionClient({ url: local.api, key: local.platformKey }),
    stripe: new StripeSide(emulator),
  };
}

/** A coach with keys for both modes. */
export interface NewCoach {
  id: string;
  name: string;
  keys: Record<Mode, string>;
}

/** Creates a coach as the platform does. */
export async function createCoach(world: World, name: string): Promise<NewCoach> {
  const { id } = await world.platform.post('/v1/coaches', { body: { name } });
  const keyOf = async (mode: Mode) =>
    (await world.platform.post('/v1/coaches/{id}/api-keys', { params: { path: { id } }, body: { mode } }))
      .key;
  const [test, live] = await Promise.all([keyOf('test'), keyOf('live')]);
  return { id, name, keys: { test, live } };
}
