import { Alert, Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Problem } from '../api/problem';
import { useFormat } from '../format/format';
import { textOf, useTexts } from '../texts/texts';

interface ProblemAlertProps {
  problem: Problem | null | undefined;
  /** Tries the same again. */
  onRetry?: () => void;
  /** False where the page only began: reading out is enough there. */
  takeFocus?: boolean;
}

/** What went wrong and what to do. Takes the focus, so that it is read and found by keyboard. */
export function ProblemAlert({ problem, onRetry, takeFocus = true }: ProblemAlertProps) {
  const { problems, common } = useTexts();
  const format = useFormat();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem && takeFocus) box.current?.focus();
  }, [problem, takeFocus]);
  if (!problem) return null;

  const general =
    problem.code === 'unreachable' || problem.isUnreachable
      ? problems.unreachable
      : problem.code === 'unknown'
        ? problems.unknown
        : {
            detail: textOf(problems.details, problem.code, format.sentence(problem.message)),
            todo: textOf(problems.todo, problem.code, format.sentence(problem.todo ?? '')),
          };
  // What only the API knows, in its own language.
  const hasMore = problems.details[problem.code] !== undefined;
  return (
    <Alert ref={box} tabIndex={-1} role="alert" color="red" title={problems.title} className="problem">
      <p>{general.detail}</p>
      {hasMore && (
        <p className="small" lang="en">
          {format.sentence(problem.message)}
        </p>
      )}
      {general.todo !== '' && <p>{general.todo}</p>}
      {onRetry && (
        <Button size="xs" variant="default" onClick={onRetry}>
          {common.retry}
        </Button>
      )}
    </Alert>
  );
}
