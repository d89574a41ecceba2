/** What a row of something long says of how it stands: asked to stop, it is `cancelling` until it has ended. */
export const standingOf = <Status extends string>(row: {
  status: Status;
  endedAt: Date | null;
  cancelRequestedAt: Date | null;
}): Status | 'cancelling' =>
  row.endedAt === null && row.cancelRequestedAt !== null ? 'cancelling' : row.status;

/** Counts items of one owner: all of them, or those in a status. @param groups what `groupBy` answered */
export const countOf = <Status extends string>(groups: { status: Status; _count: number }[]) => {
  const count = (status?: Status) =>
    groups
      .filter((group) => status === undefined || group.status === status)
      .reduce((sum, group) => sum + group._count, 0);
  return count;
};
