import Sequencer from '@jest/test-sequencer';

/** By name: the longest shares first, so that nothing is waited for alone at the end. */
export default class ByName extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => a.path.localeCompare(b.path));
  }
}
