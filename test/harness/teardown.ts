import { endRun } from './run';

export default endRun;
