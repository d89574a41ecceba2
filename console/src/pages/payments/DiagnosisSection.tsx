import { Button } from '@mantine/core';
import { useRead } from '../../api/resource';
import type { Diagnosis } from '../../api/types';
import { useFormat } from '../../format/format';
import { textOf, useLanguage, usePageTexts, useTexts } from '../../texts/texts';
import { Loaded, Section, Tag, type Tone } from '../../ui';
import { findingInWords, type Sentences, useSentences } from './finding-words';
import { PAYMENTS } from './texts';

type Finding = Diagnosis['findings'][number];
type Tones = Record<Finding['status'], Tone>;
const TONES: Tones = {
  ok: 'good',
  attention: 'warn',
  problem: 'bad',
  unknown: 'quiet',
};

/** The worst first: a row of the table is as its worst finding. */
const BEFORE: Tones = { ...TONES, attention: 'quiet' };

const GRAVITY = ['problem', 'attention', 'unknown', 'ok'] as const;

/**
 * The help page's troubleshooting table, answered by looking: what was found, and what to do about it. One line while all is
 * in order.
 * @param hasBegun false: nothing was ever connected, which is how everybody begins and nothing to warn of
 */
export function DiagnosisSection({ hasBegun }: { hasBegun: boolean }) {
  const { diagnosis: words } = usePageTexts(PAYMENTS);
  const format = useFormat();
  const sentences = useSentences(useLanguage().shown);
  const diagnosis = useRead('/v1/connection/diagnosis', {});
  return (
    <Section
      id="troubleshooting"
      title={words.title}
      lead={words.lead}
      actions={
        <Button
          variant="default"
          size="xs"
          loading={diagnosis.isFetching}
          onClick={() => void diagnosis.refetch()}
        >
          {words.run}
        </Button>
      }
    >
      <Loaded query={{ ...diagnosis, data: sentences === null ? undefined : diagnosis.data }}>
        {({ overall, findings, lookedAt }) => (
          <>
            <p role="status">
              <strong>{hasBegun || overall !== 'attention' ? words.overall[overall] : words.notBegun}</strong>{' '}
              <span className="soft small">{words.checkedAt(format.dateTime(lookedAt))}</span>
            </p>
            <details key={overall} open={overall !== 'ok'}>
              <summary>{words.details}</summary>
              {[...new Set(findings.map(({ helpPageRow }) => helpPageRow))].map((row) => (
                <Row
                  key={row}
                  row={row}
                  findings={findings.filter(({ helpPageRow }) => helpPageRow === row)}
                  sentences={sentences ?? []}
                  tones={hasBegun ? TONES : BEFORE}
                />
              ))}
            </details>
          </>
        )}
      </Loaded>
    </Section>
  );
}

/** One row of the table; open where something is to be done. */
function Row({
  row,
  findings,
  sentences,
  tones,
}: {
  row: string;
  findings: Finding[];
  sentences: Sentences;
  tones: Tones;
}) {
  const { diagnosis: words } = usePageTexts(PAYMENTS);
  const worst = GRAVITY.find((grave) => findings.some(({ status }) => status === grave)) ?? 'ok';
  return (
    <details className="finding-row" open={worst !== 'ok'}>
      <summary>
        <span className="row-title">{textOf(words.rows, row, row)}</span>{' '}
        <Tag tone={tones[worst]}>{words.status[worst]}</Tag>
      </summary>
      <p className="soft small">{textOf(words.solutions, row, '')}</p>
      <ul className="rows">
        {findings.map((finding) => (
          <FindingRow key={finding.code} finding={finding} sentences={sentences} tones={tones} />
        ))}
      </ul>
    </details>
  );
}

function FindingRow({ finding, sentences, tones }: { finding: Finding; sentences: Sentences; tones: Tones }) {
  const texts = usePageTexts(PAYMENTS);
  const { diagnosis: words } = texts;
  const { area, code, status, title, detail, todo } = finding;
  const shared = useTexts();
  const format = useFormat();
  const inWords = (sentence: string) => findingInWords(sentence, sentences, texts, shared, format);
  const what = inWords(detail);
  const toDo = todo === null ? null : inWords(todo);
  const looked = `${code}.${status === 'ok' ? 'ok' : 'not'}`;
  const said = textOf(words.titles, status === 'unknown' ? `${area}.unknown` : looked, title);
  return (
    <li>
      <div className="grow">
        <p className="row-title">{said}</p>
        <p className="small soft" lang={what.language}>
          {what.text}
        </p>
        {toDo !== null && (
          <p className="small">
            <strong>{words.todo}</strong> <span lang={toDo.language}>{toDo.text}</span>
          </p>
        )}
      </div>
      <Tag tone={tones[status]}>{words.status[status]}</Tag>
    </li>
  );
}
