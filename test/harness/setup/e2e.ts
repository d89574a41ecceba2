import { startParts } from '../parts';

/** End-to-end tests start whole stacks themselves, see `local-stack.ts`; here only their folder is made. */
export default (): Promise<void> => startParts();
