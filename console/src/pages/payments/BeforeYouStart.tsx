import { useTexts } from '../../texts/texts';
import { OutLink } from '../../ui/OutLink';
import { Section } from '../../ui/Section';

/** What a coach needs before they connect. */
export function BeforeYouStart() {
  const { before } = useTexts().payments;
  return (
    <Section title={before.title} lead={before.need}>
      <ul className="plain-list">
        <li>
          {before.account} (<OutLink href="https://stripe.com">{before.create}</OutLink>)
        </li>
        <li>{before.business}</li>
      </ul>
    </Section>
  );
}
