import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconMoodEmpty } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/client.ts';
import { AskForRole } from './AskForRole.tsx';
import './states.css';

export function Loading({ rows = 6, label }: { rows?: number; label: string }) {
  return (
    <div className="state-loading" role="status">
      <span className="unseen">Loading {label}</span>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={String(index)} height={20} width={`${96 - ((index * 17) % 40)}%`} />
      ))}
    </div>
  );
}

/** What happened, what was kept, what to try. */
export function Failure({ error, retry, what }: { error: unknown; retry?: () => void; what: string }) {
  const problem = error instanceof ApiProblem ? error.problem : null;
  return (
    <div className="state" role="alert">
      <IconAlertTriangle aria-hidden size={28} />
      <h2>{what} could not be shown</h2>
      <p>{problem?.title ?? 'The console met a state it does not know.'}</p>
      {problem?.detail && problem.detail !== problem.title && <p className="dim">{problem.detail}</p>}
      <ProblemPlaces errors={problem?.errors} />
      <AskForRole error={error} />
      {retry && (
        <Button variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

function ProblemPlaces({ errors }: { errors: { path: string; message: string }[] | undefined }) {
  if (!errors?.length) return null;
  return (
    <ul className="plain-list small dim">
      {errors.map((place) => (
        <li key={place.path + place.message}>
          {place.path}: {place.message}
        </li>
      ))}
    </ul>
  );
}

export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="state">
      <IconMoodEmpty aria-hidden size={28} />
      <h2>{title}</h2>
      {children && <div className="dim">{children}</div>}
      {action}
    </div>
  );
}
