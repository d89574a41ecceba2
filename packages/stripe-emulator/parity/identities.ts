import { PLACEHOLDER } from './normalise';

/**
 * Which placeholder of one side is which of the other. Mostly they have the same number; where one side lists things in
 * another order, or has one more, what belongs together is learned from where it was first met.
 */
export class Identities {
  private readonly toRight = new Map<string, string>();
  private readonly toLeft = new Map<string, string>();

  /** Whether two texts are the same, with ids that are each other's. */
  same(left: string, right: string): boolean {
    if (Identities.without(left) !== Identities.without(right)) return false;
    const others = right.match(PLACEHOLDER) ?? [];
    return (left.match(PLACEHOLDER) ?? []).every((id, index) => this.pair(id, others[index] ?? ''));
  }

  /** The placeholder that the right side has for one of the left. */
  ofLeft(id: string): string {
    const known = this.toRight.get(id);
    if (known !== undefined) return known;
    return this.toLeft.has(id) ? `${id} of nobody` : id;
  }

  static without(text: string): string {
    return text.replace(PLACEHOLDER, (id) => id.replace(/\d+/, ''));
  }

  private pair(left: string, right: string): boolean {
    const [known, owner] = [this.toRight.get(left), this.toLeft.get(right)];
    if (known === undefined && owner === undefined) {
      this.toRight.set(left, right);
      this.toLeft.set(right, left);
      return true;
    }
    return known === right;
  }
}
