import { Button, Checkbox, NativeSelect, Radio, Switch, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Problem } from '../../api/problem';
import {
  BarChart,
  ChoiceField,
  ConfirmButton,
  CopyField,
  DayField,
  Dialog,
  DownloadLink,
  Empty,
  Facts,
  FigureList,
  FilteredRows,
  Filters,
  FormButtons,
  IfAllowed,
  Loaded,
  Loading,
  More,
  NoticesProvider,
  OutLink,
  Page,
  PeriodFields,
  ProblemAlert,
  RunProgress,
  Section,
  Tag,
  type Tone,
  useNotify,
} from '../../ui';
import { LanguageChoice } from '../../app/Shell';
import { SchemeChoice } from '../../app/SchemeChoice';
import { usePageTexts } from '../../texts/texts';
import { COMPONENTS } from './texts';

const TONES: Tone[] = ['good', 'busy', 'warn', 'bad', 'quiet'];
const SHAPES = ['text', 'rows', 'table', 'chart'] as const;
const MONTHS = ['2026-07', '2026-08', '2026-09', '2026-10', '2026-11'];
const nothing = () => {};
/** An action that nobody has asked for yet. */
const IDLE = { isAllowed: true, isPending: false, error: null, reset: nothing };

/** What a request comes to that breaks. */
const broken = (code: string) => new Problem({ code, status: 500, detail: 'It broke.' });

/** Every component that pages are made of, in every state: for whoever builds a page, and for the tests that look at each. */
export function ComponentsPage() {
  return (
    <NoticesProvider>
      <main id="main" className="frame-main">
        <Gallery />
      </main>
      <footer className="frame-footer">
        <LanguageChoice />
        <SchemeChoice />
      </footer>
    </NoticesProvider>
  );
}

function Gallery() {
  const words = usePageTexts(COMPONENTS);
  return (
    <Page title={words.title} about={words.about} lead={words.lead} actions={<Button>{words.action}</Button>}>
      <Section title="Button">
        <Buttons />
      </Section>
      <Section title="Tag">
        <span className="tags">
          {TONES.map((tone) => (
            <Tag key={tone} tone={tone}>
              {words.tones[tone]}
            </Tag>
          ))}
        </span>
      </Section>
      <Section title="Facts">
        <Facts
          facts={[
            [words.short, '29,00 €'],
            [words.long, words.sentence],
            [words.unbroken, 'w'.repeat(80)],
          ]}
        />
      </Section>
      <Section title="ul.rows">
        <ul className="rows">
          {TONES.slice(0, 3).map((tone) => (
            <li key={tone}>
              <div className="grow">
                <p className="row-title">{words.short}</p>
                <p className="soft small">{words.sentence}</p>
              </div>
              <Tag tone={tone}>{words.tones[tone]}</Tag>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Section" lead={words.sentence} actions={<Button size="xs">{words.action}</Button>}>
        <div className="card">
          <div className="card-head">
            <h3>.card</h3>
            <Tag tone="quiet">{words.tones.quiet}</Tag>
          </div>
          <p>{words.sentence}</p>
        </div>
      </Section>
      <Section title="Fields">
        <Fields />
      </Section>
      <Section title="Empty">
        <Empty title={words.nothingYet} text={words.sentence}>
          <Button variant="default">{words.action}</Button>
        </Empty>
        <Empty text={words.sentence} />
      </Section>
      <Section title="Loaded">
        <State name={words.states.loading}>
          <Loaded query={{ data: undefined, error: null }}>{() => null}</Loaded>
        </State>
        <State name={words.states.failed}>
          <Loaded query={{ data: undefined, error: broken('internal') }}>{() => null}</Loaded>
        </State>
        <State name={words.states.there}>
          <Loaded query={{ data: words.sentence, error: null }}>{(text) => <p>{text}</p>}</Loaded>
        </State>
        {SHAPES.map((shape) => (
          <State key={shape} name={`Loading: ${shape}`}>
            <Loading lines={2} shape={shape} />
          </State>
        ))}
      </Section>
      <Section title="More">
        <More query={{ hasNextPage: true, isFetchingNextPage: false, fetchNextPage: nothing }} />
        <More query={{ hasNextPage: true, isFetchingNextPage: true, fetchNextPage: nothing }} />
      </Section>
      <Section title="FigureList">
        <FigureList
          figures={[
            [words.short, '12'],
            [words.long, '1.234,56 €'],
            [words.unbroken, '0 %'],
          ]}
        />
      </Section>
      <Section title="RunProgress">
        <RunProgress
          done={3}
          total={12}
          said="3 / 12"
          status={words.sentence}
          stop={{ label: words.small, isPending: false, onStop: nothing }}
        />
        <RunProgress done={0} total={0} said="0 / 0" status={words.done} />
      </Section>
      <Section title="FilteredRows">
        <Filtered />
      </Section>
      <Section title="ChoiceField">
        <Choice />
      </Section>
      <Section title="ConfirmButton">
        <ConfirmButton
          action={IDLE}
          run={({ onSuccess }) => onSuccess()}
          words={{
            label: words.takesAway,
            pending: words.dialogs.pending,
            title: words.takesAway,
            text: words.sentence,
            done: words.done,
          }}
        />
      </Section>
      <Section title="ProblemAlert">
        {['unreachable', 'unknown', 'role_not_allowed'].map((code) => (
          <ProblemAlert key={code} problem={broken(code)} takeFocus={false} onRetry={nothing} />
        ))}
      </Section>
      <Section title="FormButtons">
        <FormButtons submit={words.action} isPending={false} isAllowed cancelTo="." />
        <FormButtons submit={words.action} isPending isAllowed cancelTo="." />
        <FormButtons submit={words.action} isPending={false} isAllowed={false} cancelTo="." />
      </Section>
      <Section title="IfAllowed">
        <IfAllowed isAllowed={false}>{null}</IfAllowed>
      </Section>
      <Section title="CopyField">
        <CopyField label={words.short} value="https://example.com/buy" hint={words.sentence} />
        <CopyField label={words.long} value={'<a href="https://example.com">\n  Buy\n</a>'} code />
      </Section>
      <Section title="OutLink">
        <p>
          <OutLink href="https://example.com">{words.short}</OutLink>
        </p>
      </Section>
      <Section title="DownloadLink">
        <DownloadLink path="/v1/members.csv" query={{}}>
          {words.short}
        </DownloadLink>
      </Section>
      <Section title="BarChart">
        <BarChart
          caption={words.sentence}
          labelColumn={words.short}
          valueColumn={words.long}
          bars={MONTHS.map((key, at) => ({
            key,
            label: key.slice(5),
            fullLabel: key,
            value: at * at,
            text: String(at * at),
          }))}
        />
      </Section>
      <Section title="Dialog">
        <Dialogs />
      </Section>
      <Section title="Notice">
        <Notices />
      </Section>
    </Page>
  );
}

function State({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="tight">
      <h3>{name}</h3>
      {children}
    </div>
  );
}

function Buttons() {
  const words = usePageTexts(COMPONENTS);
  return (
    <>
      <span className="tags">
        <Button>{words.primary}</Button>
        <Button variant="default">{words.secondary}</Button>
        <Button variant="outline" color="red">
          {words.takesAway}
        </Button>
        <Button color="red">{words.takesAway}</Button>
        <Button variant="subtle">{words.subtle}</Button>
      </span>
      <span className="tags">
        <Button size="xs" variant="default">
          {words.small}
        </Button>
        <Button disabled>{words.states.disabled}</Button>
        <Button loading>{words.states.loading}</Button>
      </span>
    </>
  );
}

function Fields() {
  const words = usePageTexts(COMPONENTS);
  const [day, setDay] = useState('');
  return (
    <>
      <div className="fields">
        <TextInput label={words.short} description={words.sentence} placeholder="29.00" />
        <TextInput label={words.states.failed} error={words.wrong} defaultValue="x" />
        <TextInput label={words.states.disabled} disabled defaultValue="29.00" />
        <NativeSelect label={words.long} data={[words.short, words.long]} />
      </div>
      <DayField label={words.day} hint={words.sentence} value={day} onChange={setDay} />
      <DayField label={words.states.failed} value={day} onChange={setDay} error={words.wrong} />
      <Textarea label={words.long} autosize minRows={2} />
      <Checkbox label={words.short} description={words.sentence} defaultChecked />
      <Radio.Group label={words.long} defaultValue="a">
        <div className="tight">
          <Radio value="a" label={words.primary} />
          <Radio value="b" label={words.secondary} />
        </div>
      </Radio.Group>
      <Switch label={words.short} />
    </>
  );
}

/** A list whose filters leave some of it, nothing of it, and one that has nothing. */
function Filtered() {
  const words = usePageTexts(COMPONENTS);
  const page = { hasNextPage: false, isFetchingNextPage: false, fetchNextPage: nothing, error: null };
  const [period, setPeriod] = useState({ from: '', to: '' });
  const said = { title: words.nothingYet, text: words.sentence };
  return (
    <>
      <Filters inUse={Object.values(period).filter((day) => day !== '').length}>
        <PeriodFields
          field={(end) => ({
            value: period[end],
            onChange: (event) => setPeriod({ ...period, [end]: event.currentTarget.value }),
          })}
          labels={{ from: words.short, to: words.long }}
        />
      </Filters>
      {[
        { key: words.states.there, items: [words.short, words.long], isAny: false },
        { key: words.states.disabled, items: [], isAny: true },
        { key: words.nothingYet, items: [], isAny: false },
      ].map(({ key, items, isAny }) => (
        <State key={key} name={key}>
          <FilteredRows<string[]>
            list={{ ...page, items }}
            row={(text) => <li key={text}>{text}</li>}
            filters={{ isAny, clear: nothing }}
            none={said}
            noMatch={{ ...said, clear: words.action }}
          />
        </State>
      ))}
    </>
  );
}

const DIALOGS = ['asks', 'takesAway', 'pending', 'failed'] as const;

function Dialogs() {
  const words = usePageTexts(COMPONENTS);
  const [opened, setOpened] = useState<(typeof DIALOGS)[number] | null>(null);
  const close = () => setOpened(null);
  return (
    <span className="tags">
      {DIALOGS.map((kind) => (
        <Button key={kind} variant="default" onClick={() => setOpened(kind)}>
          {words.dialogs[kind]}
        </Button>
      ))}
      <Dialog
        opened={opened !== null}
        title={words.dialogs[opened ?? 'asks']}
        confirm={words.action}
        onClose={close}
        onConfirm={close}
        danger={opened === 'takesAway'}
        // It goes on for as long as the page is looked at; one that is over can be closed.
        pending={opened === 'pending' ? words.states.loading : null}
        problem={opened === 'failed' ? broken('internal') : null}
      >
        <p>{words.sentence}</p>
        <TextInput label={words.short} data-autofocus />
      </Dialog>
    </span>
  );
}

function Notices() {
  const words = usePageTexts(COMPONENTS);
  const notify = useNotify();
  return (
    <span className="tags">
      <Button variant="default" onClick={() => notify({ text: words.done })}>
        {words.plainNotice}
      </Button>
      <Button variant="default" onClick={() => notify({ text: words.done, undo: nothing })}>
        {words.undoNotice}
      </Button>
    </span>
  );
}

function Choice() {
  const words = usePageTexts(COMPONENTS);
  const [value, setValue] = useState('');
  return (
    <ChoiceField
      label={words.long}
      all={words.short}
      field={{ value, onChange: (event) => setValue(event.currentTarget.value) }}
      choices={TONES.map((tone) => ({ value: tone, label: words.tones[tone] }))}
    />
  );
}
