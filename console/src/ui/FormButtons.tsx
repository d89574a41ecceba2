import { Button, Group } from '@mantine/core';
import { Link } from 'react-router';
import { useTexts } from '../texts/texts';
import { useIsSlow } from './slow';

interface FormButtonsProps {
  submit: string;
  isPending: boolean;
  /** The page that Cancel leads to. */
  cancelTo: string;
}

/** What a form on a page of its own ends with. */
export function FormButtons({ submit, isPending, cancelTo }: FormButtonsProps) {
  const { common } = useTexts();
  const isSlow = useIsSlow(isPending);
  return (
    <Group>
      <Button type="submit" loading={isPending}>
        {submit}
      </Button>
      <Button variant="default" component={Link} to={cancelTo}>
        {common.cancel}
      </Button>
      <span role="status" className="soft small">
        {isSlow && common.slow}
      </span>
    </Group>
  );
}
