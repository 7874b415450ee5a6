import type { Context } from '../../../context.ts';
import { Rounds } from '../../../jobs/rounds.ts';
import { refreshPosture } from '../../firmware/index.ts';
import { giveUpOrders } from '../orders.ts';
import { keepSilenceFindings } from '../silence.ts';
import { authoriseAgain } from './again.ts';

const LOOK_MILLISECONDS = 30_000;

/** Authorises devices again when something about them, their certificates, their risk or the policy may have changed. */
export class AuthorisationRounds extends Rounds {
  constructor(context: Context) {
    const listening = context.now();
    super({
      name: 'authorisation',
      turns: context.turns,
      every: LOOK_MILLISECONDS,
      run: async () => {
        await refreshPosture(context.database, context.now());
        const { moved, held, changed } = await authoriseAgain(context);
        const givenUp = await giveUpOrders(context.database, context.now());
        const silences = await keepSilenceFindings(context, listening);
        if (moved + held + givenUp > 0) context.events.emit('ledger');
        if (moved + held + givenUp + silences > 0 || changed) context.events.emit('segmentation');
      },
      failed: (error) => context.log.error({ err: error }, 'devices could not be authorised again'),
    });
  }
}
