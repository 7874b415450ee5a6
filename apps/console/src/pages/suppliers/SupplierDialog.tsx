import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { channelKinds, type Supplier, type SupplierDetails } from '@wardline/model';
import { useState } from 'react';
import { suppliers } from '../../api/suppliers.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

const empty: SupplierDetails = {
  name: '',
  handlesPatientData: 'unknown',
  contacts: [],
  channels: [],
  agreements: [],
  products: [],
  notes: '',
};

/** Lists are written a line each, parts behind bars: what a person copies from a contract. */
export function SupplierDialog({ supplier, onClose }: { supplier: Supplier | null; onClose: () => void }) {
  const details = supplier?.details ?? empty;
  const [name, setName] = useState(details.name);
  const [patientData, setPatientData] = useState<SupplierDetails['handlesPatientData']>(
    details.handlesPatientData,
  );
  const [texts, setTexts] = useState(textsOf(details));
  const [securityTxt, setSecurityTxt] = useState('');
  const act = async (reason: string) => {
    const changed = {
      ...details,
      ...listsOf(texts, details),
      name: name.trim(),
      handlesPatientData: patientData,
    };
    if (supplier === null) await suppliers.add(changed, reason);
    else await suppliers.change(supplier.id, supplier.revision, changed, reason);
    if (supplier !== null && securityTxt.trim() !== '')
      await suppliers.securityTxt(supplier.id, securityTxt, reason);
  };
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={supplier === null ? 'Add a supplier' : `Change ${details.name}`}
      confirm={supplier === null ? 'Add' : 'Change'}
      done={supplier === null ? 'The supplier is added.' : 'The supplier is changed.'}
      ready={name.trim() !== ''}
      act={act}
    >
      <TextInput
        label="Name"
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label="Does it handle data of patients?"
        data={['unknown', 'yes', 'no']}
        value={patientData}
        onChange={(event) => setPatientData(event.currentTarget.value as typeof patientData)}
      />
      {fields.map(({ key, label, description }) => (
        <Textarea
          key={key}
          label={label}
          description={description}
          autosize
          minRows={1}
          value={texts[key]}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setTexts((before) => ({ ...before, [key]: value }));
          }}
        />
      ))}
      {supplier !== null && (
        <Textarea
          label="Text of its security.txt"
          description="As its web site has it below /.well-known/; nothing is fetched. Empty: as it was."
          autosize
          minRows={1}
          value={securityTxt}
          onChange={(event) => setSecurityTxt(event.currentTarget.value)}
        />
      )}
    </ReasonDialog>
  );
}

type Lists = 'contacts' | 'channels' | 'agreements' | 'products';
type Texts = Record<Lists, string>;

const fields: readonly { key: Lists; label: string; description: string }[] = [
  { key: 'contacts', label: 'Contacts', description: 'One a line: name | role | mail | telephone' },
  {
    key: 'channels',
    label: 'Ways in',
    description: `One a line: name | ${channelKinds.join(', ')} | addresses | what contains it`,
  },
  {
    key: 'agreements',
    label: 'Agreements',
    description:
      'One a line: baa, service or other | title | signed | ends (2027-12-31, or empty) | who answers for what; … ',
  },
  { key: 'products', label: 'End of support', description: 'One a line: model | day | where it says so' },
];

const joined = (parts: readonly (string | null)[]): string => parts.map((part) => part ?? '').join(' | ');

function textsOf({ contacts, channels, agreements, products }: SupplierDetails): Texts {
  const lines = (rows: readonly (readonly (string | null)[])[]) => rows.map(joined).join('\n');
  return {
    contacts: lines(contacts.map((one) => [one.name, one.role, one.email, one.phone])),
    channels: lines(channels.map((one) => [one.name, one.kind, one.from, one.containedBy])),
    agreements: lines(
      agreements.map((one) => [
        one.kind,
        one.title,
        one.signed,
        one.expires,
        one.responsibilities.join('; '),
      ]),
    ),
    products: lines(products.map((one) => [one.model, one.endOfSupport, one.source])),
  };
}

const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split('|').map((part) => part.trim()));

/** What is no such kind or day, the server says. */
function listsOf(texts: Texts, before: SupplierDetails): Pick<SupplierDetails, Lists> {
  const documentOf = (title: string) => before.agreements.find((one) => one.title === title)?.document ?? '';
  return {
    contacts: rowsOf(texts.contacts).map(([name = '', role = '', email = '', phone = '']) => ({
      name,
      role,
      email,
      phone,
    })),
    channels: rowsOf(texts.channels).map(([name = '', kind = 'other', from = '', containedBy = '']) => ({
      name,
      kind: kind as SupplierDetails['channels'][number]['kind'],
      from,
      containedBy,
    })),
    agreements: rowsOf(texts.agreements).map(
      ([kind = 'other', title = '', signed = '', expires = '', duties = '']) => ({
        kind: kind as SupplierDetails['agreements'][number]['kind'],
        title,
        signed: signed || null,
        expires: expires || null,
        responsibilities: duties
          .split(';')
          .map((one) => one.trim())
          .filter((one) => one !== ''),
        document: documentOf(title),
      }),
    ),
    products: rowsOf(texts.products).map(([model = '', day = '', source = '']) => ({
      model,
      endOfSupport: day || null,
      source,
    })),
  };
}
