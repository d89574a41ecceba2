import { existsSync, readFileSync } from 'node:fs';
import { provided } from './variables';

/**
 * All workflows of `src/workflows`, bundled once a run: `workflowBundle` of a worker and of `Worker.runReplayHistory`.
 * @throws with the bundler's words if they do not bundle
 */
export function getWorkflowBundle(): { codePath: string } {
  const codePath = provided('workflowBundle');
  if (!existsSync(codePath)) throw new Error(readFileSync(`${codePath}.error`, 'utf8'));
  return { codePath };
}
