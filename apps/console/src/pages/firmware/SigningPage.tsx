import { useQuery } from '@tanstack/react-query';
import type { FirmwareStatus } from '@wardline/model';
import { apiAddress } from '../../api/client.ts';
import { firmwareQueries } from '../../api/firmware.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { RolesCard } from './RolesCard.tsx';
import { dueOf, type Procedure, proceduresFor } from './signing.ts';
import './firmware.css';

/** Who signs, what is due, and each ceremony step by step, also where a key was stolen. */
export function SigningPage() {
  const { data, error, refetch } = useQuery(firmwareQueries.status());
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="The signatures" />;
  if (!data) return <Loading label="the signatures" rows={8} />;
  return (
    <div className="stack">
      <div>
        <AppLink href="/firmware">Firmware</AppLink>
        <h1>Signing ceremony</h1>
        <p className="dim">
          Keys of root and targets stay with people, away from every network; only what they signed comes to
          the server. <code>NAME</code>, <code>A.pem</code> and the like stand for your own files.
        </p>
      </div>
      <DueCard status={data} />
      <RolesCard status={data} />
      <section className="card stack-tight" aria-labelledby="signing-steps">
        <h2 id="signing-steps">Step by step</h2>
        {proceduresFor(data).map((procedure, place) => (
          <Steps key={procedure.title} procedure={procedure} opened={place === 0} />
        ))}
      </section>
    </div>
  );
}

function DueCard({ status }: { status: FirmwareStatus }) {
  const due = dueOf(status);
  const files = ['root', 'targets'].flatMap((name) => {
    const version = status.roles.find(({ role }) => role === name)?.version;
    return version === undefined ? [] : [`${version}.${name}.json`];
  });
  return (
    <section className="card stack-tight" aria-labelledby="signing-due">
      <h2 id="signing-due">What is due</h2>
      {due.length === 0 ? (
        <p>
          Nothing: what people signed is good for two months and more, the server renews its own part, and its
          key is named.
        </p>
      ) : (
        <ul>
          {due.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {files.length > 0 && (
        <p className="small">
          To take along, what counts now:{' '}
          {files.map((file) => (
            <a
              key={file}
              className="signing-file"
              href={apiAddress(`/firmware/repository/metadata/${file}`)}
              download={file}
            >
              {file}
            </a>
          ))}
        </p>
      )}
    </section>
  );
}

function Steps({ procedure: { title, says, steps }, opened }: { procedure: Procedure; opened: boolean }) {
  return (
    <details open={opened}>
      <summary>{title}</summary>
      <p>{says}</p>
      <ol className="stack-tight">
        {steps.map(({ where, does, command }) => (
          <li key={`${does} ${command}`}>
            {does} <span className="dim">({where})</span>
            {command !== null && (
              <div>
                <code className="signing-command">{command}</code>
              </div>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}
