import { AgentError } from '../../agent-error.ts';
import type { UpOnlyCounters } from '../keeper.ts';
import { type Tcti, type TpmWork, withTpm } from './tools.ts';

/** NV indices of the owner's range for counters of agents: one for each folder that is prepared for updates. */
const PLACES = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `0x180574${number}`);
/** A count of 64 bits. */
const BYTES = 8;
const ATTRIBUTES = 'ownerread|ownerwrite|nt=counter';

/**
 * NV counters (TPM 2.0 Part 1, §37.2.4): a TPM raises them by one and never lowers them. One that was taken away and made anew begins above the
 * highest that any of them ever had, so that not even the owner brings an old number back.
 */
export const tpmCounters = (tcti: Tcti): UpOnlyCounters => ({
  make: () =>
    withTpm(tcti, async (tpm) => {
      const place = await freePlace(tpm);
      await tpm.tool('nvdefine', place, '-C', 'o', '-s', String(BYTES), '-a', ATTRIBUTES);
      return { place, count: await raised(tpm, place) };
    }),
  read: (place) => withTpm(tcti, (tpm) => count(tpm, mustBeOurs(place))),
  raise: (place) => withTpm(tcti, (tpm) => raised(tpm, mustBeOurs(place))),
});

async function freePlace(tpm: TpmWork): Promise<string> {
  for (const place of PLACES)
    try {
      await tpm.tool('nvreadpublic', place);
    } catch {
      return place;
    }
  throw new AgentError('key', 'All places of the TPM that are meant for counters of agents are taken');
}

function mustBeOurs(place: string): string {
  if (PLACES.includes(place)) return place;
  throw new AgentError('state', `${place} is no place of a counter of an agent`);
}

async function raised(tpm: TpmWork, place: string): Promise<number> {
  await tpm.tool('nvincrement', place, '-C', 'o');
  return count(tpm, place);
}

async function count(tpm: TpmWork, place: string): Promise<number> {
  await tpm.tool('nvread', place, '-C', 'o', '-s', String(BYTES), '-o', 'count');
  const bytes = tpm.read('count');
  if (bytes.length !== BYTES) throw new AgentError('key', 'The TPM’s tools wrote no count');
  return Number(bytes.readBigUInt64BE());
}
