import { readMetadata } from '@wardline/updates';
import type { Logger } from 'pino';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { Rounds } from '../../jobs/rounds.ts';
import { FIRMWARE_TIMESTAMP_DAYS } from '../../limits.ts';
import { refreshPosture } from './posture.ts';
import { publishFirmware } from './publish.ts';
import { moveRollouts } from './rollouts/step.ts';
import { metadataFile } from './standing.ts';

const LOOK_MILLISECONDS = 60_000;
const DAY = 86_400_000;

type Needs = Pick<Context, 'database' | 'keys' | 'config' | 'now' | 'turns'> & { log: Logger };

/** Signs timestamp and snapshot anew before they run out: half of their time is kept in hand. Takes rollouts on. */
export class FirmwareRounds extends Rounds {
  constructor(needs: Needs) {
    super({
      name: 'firmware',
      turns: needs.turns,
      every: LOOK_MILLISECONDS,
      run: async () => {
        await renewIfDue(needs);
        await moveRollouts(needs);
        await refreshPosture(needs.database, needs.now());
      },
      failed: (error) => needs.log.error({ err: error }, 'firmware metadata could not be signed anew'),
    });
  }
}

/** @throws Refusal where a device would refuse what would come: people have to sign something first */
async function renewIfDue(needs: Needs): Promise<boolean> {
  const timestamp = await metadataFile(needs.database, 'timestamp.json');
  if (timestamp === null) return false;
  const left = readMetadata('timestamp', timestamp).signed.expires - needs.now() / 1000;
  if (left > (FIRMWARE_TIMESTAMP_DAYS * DAY) / 2) return false;
  try {
    await publishFirmware(
      needs,
      { roots: [], roles: new Map() },
      { actor: 'server', action: 'firmware.renew', reason: null },
    );
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    needs.log.warn({ why: error.detail }, 'firmware metadata is not signed anew');
    return false;
  }
}
