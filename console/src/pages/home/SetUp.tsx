import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { Overview } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useTexts } from '../../texts/texts';
import { Section } from '../../ui';

/** In their order; the API says which one is next. */
const STEPS = ['connect', 'verify', 'create_product', 'add_price', 'set_origin', 'first_sale'] as const;

/** The way to the first sale, and the one step to take now. */
export function SetUp({ setup }: { setup: Overview['setup'] }) {
  const { home } = useTexts();
  const paths = usePaths();
  if (setup.next === null) return <p className="soft all-set">{home.allSet}</p>;
  const now = STEPS.indexOf(setup.next);
  const done: Record<(typeof STEPS)[number], boolean> = {
    connect: setup.connected,
    verify: setup.chargesEnabled,
    create_product: setup.hasProduct,
    add_price: setup.hasActivePrice,
    set_origin: setup.hasOrigin,
    first_sale: setup.hasSale,
  };
  const to: Record<(typeof STEPS)[number], string> = {
    connect: paths.payments,
    verify: paths.payments,
    create_product: paths.newProduct,
    add_price: paths.products,
    set_origin: paths.payments,
    first_sale: paths.products,
  };
  return (
    <Section title={home.setUp}>
      <ol className="steps">
        {STEPS.map((step, index) => {
          const state = done[step] ? 'done' : index === now ? 'now' : 'later';
          return (
            <li
              key={step}
              data-state={state}
              {...(state === 'now' ? { 'aria-current': 'step' as const } : {})}
            >
              {state === 'now' ? (
                <div className="card step-now">
                  <p className="row-title">{home.steps[step].title}</p>
                  <p className="soft">{home.steps[step].text}</p>
                  <div>
                    <Button component={Link} to={to[step]}>
                      {home.steps[step].action}
                    </Button>
                  </div>
                </div>
              ) : (
                <span>
                  {home.steps[step].title}
                  {state === 'done' && <span className="sr-only"> ({home.done})</span>}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
