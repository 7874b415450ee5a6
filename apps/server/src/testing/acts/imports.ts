import type { ImportJob } from '@wardline/model';
import { hospitalCapture } from '../capture.ts';
import type { Calls, Stage } from './stage.ts';

export const upload = ({ server }: Stage, packets: number) =>
  server.raw('/api/v1/imports?name=ward.pcap', {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: hospitalCapture(packets),
  });

async function cancelLast({ server }: Stage): Promise<Response> {
  const { items } = await server.get<{ items: ImportJob[] }>('imports');
  return server.remove(`imports/${items.find((job) => job.state === 'queued')?.id}`);
}

export const importCalls: Calls = {
  'import.start': (stage) => upload(stage, 40),
  'import.cancel': cancelLast,
};
