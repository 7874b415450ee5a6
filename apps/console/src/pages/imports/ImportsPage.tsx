import { Button, Progress } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { acts } from '../../api/acts.ts';
import { queries } from '../../api/queries.ts';
import type { ImportJob } from '../../api/types.ts';
import { bytes, count, counted } from '../../format/number.ts';
import { showSpan } from '../../format/time.ts';
import { plain } from '../../format/words.ts';
import { When } from '../../marks/When.tsx';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { DropZone } from './DropZone.tsx';
import { forgetSending, type Sending, sendCapture, useSending } from './uploads.ts';

/** Server-sent events bring news at once; this only bridges a broken connection. */
const RUNNING_REFRESH_MILLISECONDS = 2000;
const ERRORS_SHOWN = 20;

export function ImportsPage() {
  const client = useQueryClient();
  const sending = useSending();
  const { data, error, refetch } = useQuery({
    ...queries.imports(),
    refetchInterval: (query) =>
      query.state.data?.items.some(isRunning) ? RUNNING_REFRESH_MILLISECONDS : false,
  });
  const send = (files: File[]) => {
    for (const file of files) {
      sendCapture(file, (job) => {
        if (job.file !== file.name || job.state === 'done') sayKnown(file.name, job);
        void client.invalidateQueries({ queryKey: ['imports'] });
      });
    }
  };
  return (
    <div className="page">
      <h1>Captures and scans</h1>
      <DropZone
        accept=".pcap,.pcapng,.cap,.gz,.zst,.log,.json,.xml,.nessus"
        multiple
        label="Choose files"
        onFiles={send}
      >
        pcap or pcapng, plain, gzip or zstd; logs of Zeek and Suricata; scans of Nmap (-oX) and Nessus.
        Patient data stays in the capture: only field names, counts and keyed hashes are kept.
      </DropZone>
      {sending.map((entry) => (
        <SendingCard key={entry.id} entry={entry} />
      ))}
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The imports" />}
      {!data && !error && <Loading label="imports" />}
      {data?.items.length === 0 && sending.length === 0 && (
        <Empty title="No capture yet">
          Record one on a mirror port, for example with tcpdump -i eth1 -w ward.pcap.
        </Empty>
      )}
      {data?.items.map((job) => (
        <JobCard key={job.id} job={job} />
      ))}
    </div>
  );
}

/** The server knows a capture by its content and counts it once, whatever it is called. */
function sayKnown(name: string, job: ImportJob): void {
  notifications.show({
    title: `${name} was imported before`,
    message: `Its content is that of ${job.file}. Nothing is counted twice.`,
  });
}

function isRunning(job: ImportJob): boolean {
  return job.state === 'running' || job.state === 'queued';
}

function percent(done: number, all: number | null): number {
  return all ? Math.min(100, (done / all) * 100) : 0;
}

function SendingCard({ entry }: { entry: Sending }) {
  return (
    <section className="card stack-tight" aria-label={`Sending ${entry.name}`}>
      <div className="spread">
        <h2>{entry.name}</h2>
        <Button
          variant="default"
          size="compact-sm"
          onClick={entry.failure ? () => forgetSending(entry.id) : entry.cancel}
        >
          {entry.failure ? 'Take off the list' : 'Cancel'}
        </Button>
      </div>
      {entry.failure ? (
        <p role="alert" className="form-error">
          Not imported: {entry.failure}. Nothing of this file was kept; what was imported before is still
          there.
        </p>
      ) : (
        <>
          <Progress value={percent(entry.sent, entry.size)} aria-label="Sent" />
          <p className="dim">
            Sending {bytes(entry.sent)} of {bytes(entry.size)}. Stay in this browser until it is sent; after
            that it goes on by itself.
          </p>
        </>
      )}
    </section>
  );
}

const stateWords: Record<ImportJob['state'], string> = {
  queued: 'Waits its turn',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

function JobCard({ job }: { job: ImportJob }) {
  const running = isRunning(job);
  return (
    <section className="card stack-tight" aria-label={`Import of ${job.file}`}>
      <div className="spread">
        <div className="row">
          <h2>{job.file}</h2>
          <span className={job.state === 'failed' ? 'form-error' : 'dim'}>{stateWords[job.state]}</span>
        </div>
        {running ? <CancelButton job={job} /> : <Finished job={job} />}
      </div>
      {running && (
        <Progress
          value={percent(job.bytesRead, job.bytesTotal)}
          animated
          aria-label={`Progress of ${job.file}`}
        />
      )}
      {job.step && job.state !== 'done' && <p role={running ? 'status' : undefined}>{job.step}</p>}
      <Numbers job={job} />
      <Losses job={job} />
      <Errors job={job} />
    </section>
  );
}

function Finished({ job }: { job: ImportJob }) {
  if (!job.finishedAt) return null;
  return (
    <span className="dim">
      <When at={job.finishedAt} />, took {showSpan(job.startedAt, job.finishedAt)}
    </span>
  );
}

function CancelButton({ job }: { job: ImportJob }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => acts.cancelImport(job.id),
    onSettled: () => client.invalidateQueries({ queryKey: ['imports'] }),
  });
  return (
    <Button variant="default" size="compact-sm" loading={cancel.isPending} onClick={() => cancel.mutate()}>
      Cancel
    </Button>
  );
}

function Numbers({ job }: { job: ImportJob }) {
  return (
    <div className="job-numbers">
      <span>
        {bytes(job.bytesRead)}
        {job.bytesTotal !== null && job.bytesTotal !== job.bytesRead ? ` of ${bytes(job.bytesTotal)}` : ''}
      </span>
      <span>{counted(job.packets, 'packet')}</span>
      <span>{counted(job.conversations, 'conversation')}</span>
      <span>{counted(job.sightings, 'fact')}</span>
      {job.assetsFound > 0 && <span>{counted(job.assetsFound, 'asset')}</span>}
    </div>
  );
}

function Losses({ job }: { job: ImportJob }) {
  const lost = [...Object.entries(job.dropped), ...Object.entries(job.evicted)].filter(
    ([, number]) => number > 0,
  );
  if (lost.length === 0) return null;
  return (
    <p className="dim">
      Left out: {lost.map(([cause, number]) => `${count(number)} ${plain(cause)}`).join(', ')}
    </p>
  );
}

function Errors({ job }: { job: ImportJob }) {
  if (job.errors.length === 0) return null;
  return (
    <div className="job-errors">
      <h3>{counted(job.errors.length, 'error')} in the file</h3>
      <ul className="plain-list">
        {job.errors.slice(0, ERRORS_SHOWN).map((error) => (
          <li key={`${error.record}${error.offset}${error.message}`}>
            <span className="mono">
              {error.file}
              {error.record === null ? '' : `, record ${count(error.record)}`}
              {error.offset === null ? '' : `, byte ${count(error.offset)}`}
            </span>
            : {error.message}
          </li>
        ))}
      </ul>
      {job.errors.length > ERRORS_SHOWN && (
        <p className="dim">{count(job.errors.length - ERRORS_SHOWN)} more.</p>
      )}
    </div>
  );
}
