import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knowledge } from '@wardline/knowledge';
import type { Assessment } from '@wardline/model';
import type { SensorLimits } from '@wardline/sensor';
import { assess } from '../assessment/assess.ts';

/** Assesses bytes as a file named ward.pcap, with a fixed key and a clock that stands still. */
export async function assessBytes(
  bytes: Uint8Array,
  knowledge: Knowledge,
  limits: Partial<SensorLimits> = {},
): Promise<{ assessment: Assessment; readable: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'wardline-assess-'));
  try {
    const path = join(folder, 'ward.pcap');
    await writeFile(path, bytes);
    return await assess({
      captures: [
        {
          path,
          name: 'ward.pcap',
          bytes: bytes.length,
        },
      ],
      register: null,
      knowledge,
      key: new Uint8Array(32),
      generator: 'wardline test',
      now: () => 0,
      limits,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
