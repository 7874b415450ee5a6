import type { ProductDetails, PurchaseDetails, SupplierDetails } from '@wardline/model';

/** A supplier that handles data of patients under an agreement without end. */
export const supplierDetails = (name: string): SupplierDetails => ({
  name,
  handlesPatientData: 'yes',
  contacts: [{ name: 'Service', role: 'service', email: 'service@acme.example', phone: '' }],
  channels: [{ name: 'VPN', kind: 'vpn', from: '192.0.2.0/24', containedBy: 'conduit service' }],
  agreements: [
    {
      kind: 'baa',
      title: 'BAA',
      responsibilities: ['Acme encrypts what it takes along'],
      signed: '2024-01-01',
      expires: null,
      document: '',
    },
  ],
  products: [],
  notes: '',
});

export const purchaseDetails: PurchaseDetails = {
  title: 'Pumps for ICU 3',
  vendor: 'Acme',
  model: 'Testpump 8000',
  software: '',
  department: 'ICU 3',
  purpose: 'infusion',
  commitments: {
    patchDays: null,
    updateYears: null,
    endOfSupportNoticeDays: null,
    supportHours: null,
    keyStorage: 'unknown',
    signedUpdates: 'unknown',
    disclosureProgramme: 'unknown',
  },
};

const form = [
  'DOC-1,Maker,Acme',
  'DOC-3,Model,Testpump 8000',
  'SAHD-9,q,Yes',
  'TXCF-2,q,Yes',
  'AUDT-2,q,No',
  'EMRG-1,q,TBD',
];

/** A small form of 2019 as CSV. */
export const mds2File = { name: 'pump.csv', content: Buffer.from(form.join('\n')).toString('base64') };

/** A pump of its own maker, patched within a quarter and, where it is critical, within a month. */
export const productDetails: ProductDetails = {
  vendor: 'B. Braun',
  model: 'Infusomat',
  deviceClass: 'infusion-pump',
  purpose: 'Infusion at the bedside',
  cycleDays: 90,
  criticalDays: 30,
  rationale: 'Hospitals take updates of pumps once a quarter.',
  endOfSupport: '2034-12-31',
};
