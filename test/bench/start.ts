import { layOutImage } from './image';
import { bound, type Measured } from './measured';
import { newStackPlace, startLocalStack } from '../harness/local-stack';
import { memoryOf } from './load/load';
import { type Server, startDatabase, startOurs, startWorker } from './stack';

const ROUNDS = 5;
/** Megabytes, seconds. */
const AIMS = { api: 0.8, worker: 2, system: 8, memory: 150, modules: 250 };

type What = 'api' | 'worker' | 'system' | 'apiMemory' | 'workerMemory';

/**
 * How long everything takes to be there, its data made before: `npm start`, and the API alone and the worker alone, as the
 * image has them.
 */
export async function start(): Promise<Record<string, Measured>> {
  const { root, modulesMegabytes } = await layOutImage();
  const database = await startDatabase();
  const found = { api: [], worker: [], system: [], apiMemory: [], workerMemory: [] } as Record<
    What,
    number[]
  >;
  try {
    const api = () => untilUp(() => startOurs(database, root));
    const worker = () => untilUp(() => startWorker(database, root));
    await api();
    for (let round = 0; round < ROUNDS; round++) {
      const [one, two] = [await api(), await worker()];
      found.api.push(one.seconds);
      found.worker.push(two.seconds);
      found.apiMemory.push(one.memory ?? NaN);
      found.workerMemory.push(two.memory ?? NaN);
    }
  } finally {
    await database.stop();
  }
  const place = await newStackPlace();
  for (let round = -1; round < ROUNDS; round++) {
    const begin = performance.now();
    const stack = await startLocalStack(place);
    if (round >= 0) found.system.push((performance.now() - begin) / 1000);
    await stack.stop();
  }
  return {
    'start: the API': bound(found.api, AIMS.api, 'seconds'),
    'start: the worker': bound(found.worker, AIMS.worker, 'seconds'),
    'start: npm start': bound(found.system, AIMS.system, 'seconds'),
    'start: memory of the API': bound(found.apiMemory, AIMS.memory, 'MB'),
    'start: memory of the worker': bound(found.workerMemory, AIMS.memory, 'MB'),
    'start: packages in the image': bound([modulesMegabytes], AIMS.modules, 'MB'),
  };
}

async function untilUp(up: () => Promise<Server>) {
  const begin = performance.now();
  const server = await up();
  const seconds = (performance.now() - begin) / 1000;
  const memory = memoryOf(server.pid);
  await server.stop();
  return { seconds, memory };
}
