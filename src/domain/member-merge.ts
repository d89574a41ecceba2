/** What stands in the way of making one member of two. */
export interface MergeFacts {
  isSame: boolean;
  /** An erasure of one of them waits or is under way. */
  isBeingErased: boolean;
  /** One of them was erased. */
  isErased: boolean;
}

/** Why two members cannot be merged; null: they can. Those of another coach or mode are not found at all. */
export function mergeProblem({
  isSame,
  isBeingErased,
  isErased,
}: MergeFacts): 'same_member' | 'member_being_erased' | 'member_erased' | null {
  if (isSame) return 'same_member';
  if (isErased) return 'member_erased';
  return isBeingErased ? 'member_being_erased' : null;
}

interface Named {
  email: string | null;
  externalId: string | null;
}

/**
 * What the one who stays is called afterwards: what they have themselves, else what the other has.
 * @returns `alsoKnownAs`: the other's id of the coach's, which leads to them too; null: there is none, or it is theirs now
 */
export function namesAfterMerge(from: Named, into: Named): Named & { alsoKnownAs: string | null } {
  return {
    email: into.email ?? from.email,
    externalId: into.externalId ?? from.externalId,
    alsoKnownAs: into.externalId === null ? null : from.externalId,
  };
}
