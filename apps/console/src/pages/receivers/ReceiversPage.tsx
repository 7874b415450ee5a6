import { Badge, Button, Code } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { type AlertReceiver, receiverActs } from '../../api/watch.ts';
import { count, counted } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { AddReceiver } from './AddReceiver.tsx';

/** Who is sent alerts by the server itself, how far each was served, and what is in the way. */
export function ReceiversPage() {
  const list = useQuery(queries.receivers());
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  if (list.error)
    return <Failure error={list.error} retry={() => void list.refetch()} what="The receivers" />;
  if (!list.data) return <Loading label="receivers" rows={3} />;
  const { items, latest } = list.data;
  return (
    <div className="stack">
      <h1>Receivers of alerts</h1>
      <section className="card stack" aria-label="Receivers">
        <p className="dim">
          The server sends every alert by itself to who stands here. Numbers have no gaps: a receiver lacks
          nothing where each number is one more than the one before, and drops what comes twice by its number.
          The latest number is {count(latest)}.
        </p>
        {items.length === 0 ? (
          <p>Alerts are sent nowhere by themselves yet.</p>
        ) : (
          <ReceiverTable receivers={items} />
        )}
        {secret !== null && (
          <p role="status">
            Its messages are signed with this secret, which is shown this once: <Code>{secret}</Code>
          </p>
        )}
        {may('receiver.add') && (
          <div>
            <Button variant="default" onClick={() => setAdding(true)}>
              Add a receiver…
            </Button>
          </div>
        )}
      </section>
      {adding && <AddReceiver onClose={() => setAdding(false)} onSecret={setSecret} />}
    </div>
  );
}

function ReceiverTable({ receivers }: { receivers: AlertReceiver[] }) {
  return (
    <table className="people-table">
      <thead>
        <tr>
          <th scope="col">Receiver</th>
          <th scope="col">State</th>
          <th scope="col">Sent up to</th>
          <th scope="col">Waiting</th>
          <th scope="col">Last sent</th>
          <th scope="col">
            <span className="unseen">Acts</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {receivers.map((receiver) => (
          <ReceiverRow key={receiver.id} receiver={receiver} />
        ))}
      </tbody>
    </table>
  );
}

function ReceiverRow({ receiver }: { receiver: AlertReceiver }) {
  const { name, settings, sent, sure, waiting, missing, lastSent } = receiver;
  return (
    <tr>
      <td>
        <strong>{name}</strong>
        <div className="small dim">{placeWords(settings)}</div>
      </td>
      <td>
        <State receiver={receiver} />
      </td>
      <td>
        {count(sent)}
        {sure < sent && <div className="small dim">surely there: {count(sure)}</div>}
      </td>
      <td>
        {count(waiting)}
        {missing > 0 && (
          <div className="small">{counted(missing, 'number was', 'numbers were')} gone when it came back</div>
        )}
      </td>
      <td>{lastSent ? <When at={lastSent} /> : <span className="dim">never</span>}</td>
      <td>
        <Acts receiver={receiver} />
      </td>
    </tr>
  );
}

function placeWords(settings: AlertReceiver['settings']): string {
  if (settings.kind === 'webhook') return `webhook ${settings.url} as ${settings.form.toUpperCase()}`;
  if (settings.kind === 'mail')
    return `mail to ${settings.to}, grave stories only, by ${settings.host}:${settings.port}`;
  return `syslog over TLS at ${settings.host}:${settings.port} as ${settings.form.toUpperCase()}`;
}

/** Nobody knows that one is well to whom nothing was sent yet. */
function State({ receiver: { paused, trouble, lastSent } }: { receiver: AlertReceiver }) {
  if (paused) return <Badge color="gray">Paused</Badge>;
  if (trouble === null && lastSent === null) return <Badge color="gray">Nothing sent yet</Badge>;
  if (trouble === null) return <Badge color="green">Served</Badge>;
  return (
    <>
      <Badge color="red">Away</Badge>
      <div className="small">
        since <When at={trouble.since} />: {trouble.text}
      </div>
    </>
  );
}

function Acts({ receiver: { id, name, paused } }: { receiver: AlertReceiver }) {
  const may = useMay();
  const [asking, setAsking] = useState<'change' | 'remove' | null>(null);
  const verb = paused ? 'Go on' : 'Pause';
  return (
    <>
      {may('receiver.change') && (
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={`${verb}… ${name}`}
          onClick={() => setAsking('change')}
        >
          {verb}…
        </Button>
      )}
      {may('receiver.remove') && (
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={`Remove… ${name}`}
          onClick={() => setAsking('remove')}
        >
          Remove…
        </Button>
      )}
      <ReasonDialog
        opened={asking === 'change'}
        onClose={() => setAsking(null)}
        title={paused ? `Go on with ${name}` : `Pause ${name}`}
        confirm={verb}
        done={paused ? `${name} is served again.` : `${name} is sent nothing for now.`}
        act={(reason) => receiverActs.change(id, !paused, reason)}
      >
        <p>{paused ? 'It is sent what it lacks.' : 'What comes is kept for it, for 90 days.'}</p>
      </ReasonDialog>
      <ReasonDialog
        opened={asking === 'remove'}
        onClose={() => setAsking(null)}
        title={`Remove ${name}`}
        confirm="Remove it"
        done={`${name} is sent nothing any more.`}
        act={(reason) => receiverActs.remove(id, reason)}
      >
        <p>Whoever relies on it is told of nothing any more. Its secret is destroyed.</p>
      </ReasonDialog>
    </>
  );
}
