import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { useMode, usePaths } from '../../app/mode';
import { usePageTexts } from '../../texts/texts';

const TEXTS = { en: { goLive: 'Go live' }, de: { goLive: 'Live gehen' } };

/** From test mode to the page that copies it to live mode. */
export function GoLiveLink() {
  const { goLive } = usePageTexts(TEXTS);
  const paths = usePaths();
  if (useMode() !== 'test') return null;
  return (
    <Button component={Link} to={paths.goLive} variant="default">
      {goLive}
    </Button>
  );
}
