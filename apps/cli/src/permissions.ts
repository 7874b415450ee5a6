/**
 * What each verb of the command line does, in the words of the policies: the actions of the routes that it asks. `local` needs
 * no server and no permission but that of the machine.
 */
export const verbActions: Readonly<Record<string, readonly string[] | 'local'>> = {
  assess: 'local',
  'asset list': ['inventory.list'],
  'asset show': ['inventory.list', 'inventory.read'],
  'knowledge check': 'local',
  'ledger check': ['ledger.verify'],
  'ledger erase': ['ledger.erase'],
  'ledger export': ['ledger.export'],
  'ledger key': ['ledger.head'],
  'ledger list': ['ledger.list'],
  'ledger received': 'local',
  'ledger show': ['ledger.prove'],
  'ledger verify': 'local',
  'ledger witness': ['ledger.head', 'ledger.consistency', 'ledger.cosign'],
  'policy check': 'local',
  'policy compile': 'local',
  'policy format': 'local',
  'policy learn': 'local',
  'policy lint': 'local',
  'policy prove': 'local',
  'policy read': 'local',
  'policy simulate': 'local',
  'register check': 'local',
  sense: ['intake.append', 'intake.position'],
  start: 'local',
  version: 'local',
};
