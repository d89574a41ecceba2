import { Button, Progress } from '@mantine/core';

interface Props {
  /** How much of it is done, of how much; nothing to do is all done. */
  done: number;
  total: number;
  /** The same in words, with what state it is in. */
  said: string;
  status: string;
  /** Stops it; left out once it is over. */
  stop?: { label: string; isPending: boolean; onStop: () => void } | undefined;
}

/** How far something long is, and a way to stop it. */
export function RunProgress({ done, total, said, status, stop }: Props) {
  const share = total === 0 ? 100 : Math.round((100 * done) / total);
  return (
    <>
      <Progress.Root size="lg">
        <Progress.Section value={share} aria-label={said} />
      </Progress.Root>
      <p role="status">
        {said}. {status}
      </p>
      {stop !== undefined && (
        <div>
          <Button variant="default" loading={stop.isPending} onClick={stop.onStop}>
            {stop.label}
          </Button>
        </div>
      )}
    </>
  );
}
