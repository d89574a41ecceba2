import { Button } from '@mantine/core';
import { useTexts } from '../texts/texts';

interface MoreProps {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** The next page of a list, while there is one. */
export function More({ query }: MoreProps) {
  const { common } = useTexts();
  if (!query.hasNextPage) return null;
  return (
    <Button
      variant="default"
      className="more"
      loading={query.isFetchingNextPage}
      onClick={() => void query.fetchNextPage()}
    >
      {common.more}
    </Button>
  );
}
