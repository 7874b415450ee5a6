import { createSigner, verifierText } from '@wardline/ledger';
import { type Calls, reason } from './stage.ts';

const witness = createSigner('witness.example', new Uint8Array(32).fill(3), 'cosignature');

export const ledgerCalls: Calls = {
  'ledger.trust': ({ server }) => server.post('ledger/witnesses', { key: verifierText(witness), reason }),
  'ledger.erase': ({ server }) => server.post('ledger/erasures', { who: 'register', reason }),
};
