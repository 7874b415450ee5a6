import { Button, TextInput } from '@mantine/core';
import type { ControlDetail } from '@wardline/model';
import { When } from '../../marks/When.tsx';
import { useAddress } from '../../shell/address.ts';
import { StatusMark } from './StatusMark.tsx';

const dayOf = (at: string): string => at.slice(0, 10);

/** What a control was, at each record at which it changed, and on any day that is asked for. */
export function History({ of }: { of: ControlDetail }) {
  const { change } = useAddress();
  return (
    <section aria-labelledby="control-history" className="stack-tight">
      <h3 id="control-history">What it was</h3>
      {of.history.length === 0 && (
        <p className="dim">Nothing is recorded yet. Once a day it is, and whenever somebody records.</p>
      )}
      <ul className="plain-list">
        {of.history.map(({ record, at, status }) => (
          <li key={record}>
            <StatusMark value={status} /> from <When at={at} />{' '}
            <button
              type="button"
              className="link-button"
              aria-label={`Show it as recorded on ${dayOf(at)}`}
              onClick={() => change({ day: dayOf(at) })}
            >
              record {record}
            </button>
          </li>
        ))}
      </ul>
      <DayField />
    </section>
  );
}

/** The panel, and the list behind it, as they were recorded on a day. */
export function DayField() {
  const { values, change } = useAddress();
  const { day } = values;
  return (
    <div className="row day-field">
      <TextInput
        type="date"
        label="Show it as it was on"
        value={day ?? ''}
        onChange={(event) => change({ day: event.currentTarget.value || undefined })}
      />
      {day !== undefined && (
        <Button variant="default" onClick={() => change({ day: undefined })}>
          Back to today
        </Button>
      )}
    </div>
  );
}
