import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Failure, Loading } from '../../shell/states.tsx';

/** Lines that devices logged, on which rules for logs are tried. */
export function LogLines() {
  const may = useMay();
  return may('watch.logs') ? <Lines /> : null;
}

function Lines() {
  const [q, setQ] = useState('');
  const [before, setBefore] = useState<number | null>(null);
  const { data, error, refetch } = useQuery(
    queries.logLines({
      q: q.trim() || undefined,
      before: before === null ? undefined : String(before),
      limit: '50',
    }),
  );
  return (
    <section className="card stack" aria-labelledby="log-lines">
      <h2 id="log-lines">What devices logged</h2>
      <p className="dim">
        The latest lines that devices sent by syslog, kept for a month. What stands for patients and secrets
        was replaced by hashes before it came here.
      </p>
      <TextInput
        label="Words of a line, a program or a host"
        value={q}
        onChange={(event) => {
          setQ(event.currentTarget.value);
          setBefore(null);
        }}
      />
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The lines" />}
      {!data && !error && <Loading label="lines" rows={4} />}
      {data?.items.length === 0 && (
        <p>
          {q.trim() === '' && before === null
            ? 'No line yet: a sensor collects them with wardline sense --syslog.'
            : 'No such line.'}
        </p>
      )}
      {data !== undefined && data.items.length > 0 && (
        <table className="people-table">
          <caption className="unseen">Lines of logs</caption>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Device</th>
              <th scope="col">Program</th>
              <th scope="col">Line</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((line) => (
              <tr key={line.id}>
                <td>
                  <When at={line.at} />
                </td>
                <td>
                  {line.asset === null ? (
                    line.name
                  ) : (
                    <AppLink href={`/assets/${line.asset}`}>{line.name}</AppLink>
                  )}
                </td>
                <td>{line.application ?? <span className="dim">not said</span>}</td>
                <td className="mono small">{line.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="row">
        {before !== null && (
          <Button variant="default" onClick={() => setBefore(null)}>
            Latest
          </Button>
        )}
        {data !== undefined && data.next !== null && (
          <Button variant="default" onClick={() => setBefore(data.next)}>
            Earlier
          </Button>
        )}
      </div>
    </section>
  );
}
