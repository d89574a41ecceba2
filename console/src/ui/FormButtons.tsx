import { Button, Group } from '@mantine/core';
import { Link } from 'react-router';
import { useTexts } from '../texts/texts';
import { IfAllowed } from './IfAllowed';
import { useIsSlow } from './slow';

interface FormButtonsProps {
  submit: string;
  isPending: boolean;
  isAllowed: boolean;
  /** The page that Cancel leads to. */
  cancelTo: string;
}

/** What a form on a page of its own ends with. */
export function FormButtons({ submit, isPending, isAllowed, cancelTo }: FormButtonsProps) {
  const { common } = useTexts();
  const isSlow = useIsSlow(isPending);
  return (
    <Group>
      <IfAllowed isAllowed={isAllowed}>
        <Button type="submit" loading={isPending}>
          {submit}
        </Button>
      </IfAllowed>
      <Button variant="default" component={Link} to={cancelTo}>
        {common.cancel}
      </Button>
      <span role="status" className="soft small">
        {isSlow && common.slow}
      </span>
    </Group>
  );
}
